import { Button, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { anyAnswer, api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { apiKey } from '../api/use-api.ts'
import { useChosenWorkspaceId } from '../api/workspace-choice.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ConfirmModal } from './confirm-modal.tsx'

interface DeleteButtonProps {
  /** Of the object, such as `/v1/journeys/<id>`. */
  readonly path: string
  readonly name: string
  readonly refreshes: readonly string[]
  readonly onDeleted: () => void
  /** Why it can't be deleted now. */
  readonly blocked?: string | undefined
}

/** Puts something into the trash, after asking; what is in use is refused by the server, which says by what. */
export const DeleteButton = ({ path, name, refreshes, onDeleted, blocked }: DeleteButtonProps) => {
  const t = useTexts()
  const [opened, ask] = useDisclosure(false)
  const queries = useQueryClient()
  const list = apiKey(useChosenWorkspaceId(), path.slice(0, path.lastIndexOf('/')))
  const remove = useAction({
    run: () => api.delete(path, anyAnswer),
    done: t('ui.trash.deleted'),
    onDone: () => {
      // The list it was in, however filtered; not what lies below that path, which the page left open would ask in vain.
      void queries.invalidateQueries({ queryKey: list })
      onDeleted()
    },
    onFailed: ask.close,
    refreshes: [...refreshes, '/v1/trash'],
  })
  return (
    <>
      <Button variant="default" onClick={ask.open} disabled={blocked !== undefined} title={blocked}>
        {t('ui.trash.delete')}
      </Button>
      <ConfirmModal
        opened={opened}
        onClose={ask.close}
        title={t('ui.trash.title')}
        confirm={t('ui.trash.delete')}
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        danger
      >
        <Stack gap={4}>
          <Text fw={550}>{name}</Text>
          <Text>{t('ui.trash.lead')}</Text>
        </Stack>
      </ConfirmModal>
    </>
  )
}
