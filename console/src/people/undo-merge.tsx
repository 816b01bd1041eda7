import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { anyAnswer, api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ConfirmModal } from '../ui/confirm-modal.tsx'

/** The button, its question, and the undoing; nothing for who may not change people. */
export const UndoMerge = ({ mergeId }: { readonly mergeId: string }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const [asking, ask] = useDisclosure(false)
  const undo = useAction({
    run: () => api.post(`/v1/merges/${mergeId}/undo`, {}, anyAnswer),
    refreshes: ['/v1/people'],
    done: t('people.merges.started'),
    onDone: ask.close,
    onFailed: ask.close,
  })
  if (!workspace.permissions.includes('people:write')) return null
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={ask.open}>
        {t('people.merges.undo')}
      </Button>
      <ConfirmModal
        opened={asking}
        onClose={ask.close}
        title={t('people.merges.ask')}
        confirm={t('people.merges.confirm')}
        onConfirm={() => undo.mutate()}
        busy={undo.isPending}
      >
        {t('people.merges.askBody')}
      </ConfirmModal>
    </>
  )
}
