import { policySettings } from '@baton/contract'
import { Stack, Text } from '@mantine/core'
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
import type { PolicyPanelProps } from './save-policy.ts'
import { TopicsPanel } from './topics-panel.tsx'

const PolicySection = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const { data, error, refetch } = useApi('/v1/policy', policySettings)
  const failed = error === null ? null : <ErrorPanel error={error} onRetry={() => void refetch()} />
  if (data === undefined) return failed ?? <PagePending />
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
        {failed}
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
