import { Anchor } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import IconFlask from '@tabler/icons-react/dist/esm/icons/IconFlask.mjs'
import { anyAnswer, api } from '../api/api.ts'
import { useRefreshSession } from '../api/session.ts'
import { useAction } from '../api/use-action.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ConfirmModal } from '../ui/confirm-modal.tsx'
import { useHere } from './session-context.ts'
import classes from './shell.module.css'

/** Says on every page that these customers are simulated, and leads out of the sample. */
export const SampleBanner = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const [asking, ask] = useDisclosure(false)
  const refreshSession = useRefreshSession()
  const leave = useAction({
    run: () => api.post('/v1/sample/empty', {}, anyAnswer),
    refreshes: ['/v1/'],
    done: t('shell.sample.emptied'),
    onDone: () => {
      ask.close()
      void refreshSession()
    },
  })
  if (!workspace.isSample) return null
  return (
    <div className={classes.sample} role="note">
      <IconFlask size={16} aria-hidden />
      <span>
        <strong>{t('shell.sample.badge')}.</strong> {t('shell.sample.lead')}
      </span>
      <Anchor component="button" type="button" fz="inherit" fw={560} c="inherit" underline="always" onClick={ask.open}>
        {t('shell.sample.leave')}
      </Anchor>
      <ConfirmModal
        opened={asking}
        onClose={ask.close}
        title={t('shell.sample.leaveTitle')}
        confirm={t('shell.sample.leaveConfirm')}
        danger
        busy={leave.isPending}
        onConfirm={() => leave.mutate()}
      >
        {t('shell.sample.leaveLead')}
      </ConfirmModal>
    </div>
  )
}
