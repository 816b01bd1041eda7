import { type PolicySettings, type PolicySettingsChange, policySettings } from '@baton/contract'
import { Stack, Text } from '@mantine/core'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useApi } from '../api/use-api.ts'
import { PagePending } from '../app/page-pending.tsx'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { SectionLead } from '../workspaces/settings/section-lead.tsx'
import { CapsPanel } from './caps-panel.tsx'
import { ConsentPanel } from './consent-panel.tsx'
import { KillSwitch } from './kill-switch.tsx'
import { NoPushPanel } from './no-push-panel.tsx'
import { QuietHoursPanel } from './quiet-hours-panel.tsx'
import { TopicsPanel } from './topics-panel.tsx'

/** Each panel saves its own part: only what is named changes. */
export interface PolicyPanelProps {
  readonly settings: PolicySettings
  readonly mayWrite: boolean
}

const PolicySection = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const { data, error, refetch } = useApi('/v1/policy', policySettings)
  if (error !== null) return <ErrorPanel error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <PagePending />
  const mayWrite = workspace.permissions.includes('policy:write')
  const props: PolicyPanelProps = { settings: data, mayWrite }
  return (
    <>
      <SectionLead>{t('settings.policy.lead')}</SectionLead>
      {mayWrite ? null : (
        <Text c="dimmed" mb="sm">
          {t('settings.mayNot')}
        </Text>
      )}
      <Stack maw={860}>
        <KillSwitch {...props} />
        <QuietHoursPanel {...props} />
        <CapsPanel {...props} />
        <TopicsPanel {...props} />
        <ConsentPanel {...props} />
        <NoPushPanel {...props} />
      </Stack>
    </>
  )
}

export default PolicySection

export const useSavePolicy = () => {
  const t = useTexts()
  return useAction({
    run: (change: PolicySettingsChange) => api.put('/v1/policy', change, policySettings),
    refreshes: ['/v1/policy', '/v1/forms'],
    done: t('settings.saved'),
    quiet: true,
  })
}
