import type { Cost } from '@baton/contract'
import { ActionIcon } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs'
import { anyAnswer, api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ConfirmModal } from '../ui/confirm-modal.tsx'
import { formatMoney } from '../ui/money.ts'
import { costsChange } from './costs-change.ts'

export const RemoveCost = ({ cost }: { readonly cost: Cost }) => {
  const t = useTexts()
  const [asking, ask] = useDisclosure(false)
  const remove = useAction({
    run: () => api.delete(`/v1/costs/${cost.costId}`, anyAnswer),
    refreshes: costsChange,
    done: t('costs.remove.done'),
    onDone: ask.close,
    onFailed: ask.close,
  })
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        onClick={ask.open}
        aria-label={t('costs.remove.open', { day: cost.on })}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
      <ConfirmModal
        opened={asking}
        onClose={ask.close}
        title={t('costs.remove.title')}
        confirm={t('costs.remove.confirm')}
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        danger
      >
        {t('costs.remove.body', { amount: formatMoney(cost.amount), day: cost.on })}
      </ConfirmModal>
    </>
  )
}
