import type { Segment } from '@baton/contract'
import { Button, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { anyAnswer, api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ConfirmModal } from '../ui/confirm-modal.tsx'

export const DeleteSegment = ({ segment }: { readonly segment: Segment }) => {
  const t = useTexts()
  const navigate = useNavigate()
  const [opened, ask] = useDisclosure(false)
  const remove = useAction({
    run: () => api.delete(`/v1/segments/${segment.segmentId}`, anyAnswer),
    done: t('segments.page.deleted'),
    onDone: () => void navigate({ to: '/segments' }),
    refreshes: ['/v1/segments'],
  })
  const isUsed = segment.usedBy.length > 0
  return (
    <>
      <Button
        variant="default"
        onClick={ask.open}
        disabled={isUsed}
        title={isUsed ? t('segments.page.usedByLead') : undefined}
      >
        {t('segments.page.delete')}
      </Button>
      <ConfirmModal
        opened={opened}
        onClose={ask.close}
        title={t('segments.page.deleteTitle')}
        confirm={t('segments.page.delete')}
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        danger
      >
        <Stack gap={4}>
          <Text fw={550}>{segment.name}</Text>
          <Text>{t('segments.page.deleteLead')}</Text>
        </Stack>
      </ConfirmModal>
    </>
  )
}
