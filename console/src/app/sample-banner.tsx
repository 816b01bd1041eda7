import { Anchor } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import IconFlask from '@tabler/icons-react/dist/esm/icons/IconFlask.mjs'
import { useTexts } from '../texts/use-texts.ts'
import { LeaveSampleModal } from './leave-sample-modal.tsx'
import { mayForAll } from './reach.ts'
import { useHere } from './session-context.ts'
import classes from './shell.module.css'

/** Says on every page that these customers are simulated, and leads out of the sample. */
export const SampleBanner = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const [leaving, leave] = useDisclosure(false)
  if (!workspace.isSample) return null
  return (
    <div className={classes.sample} role="note">
      <span>
        <IconFlask size={15} className={classes.flask ?? ''} aria-hidden />
        <strong>{t('shell.sample.badge')}.</strong> {t('shell.sample.lead')}
      </span>
      {mayForAll(workspace, 'workspace:write') ? (
        <Anchor
          component="button"
          type="button"
          fz="inherit"
          fw={560}
          c="inherit"
          underline="always"
          onClick={leave.open}
        >
          {t('shell.sample.leave')}
        </Anchor>
      ) : null}
      <LeaveSampleModal opened={leaving} onClose={leave.close} />
    </div>
  )
}
