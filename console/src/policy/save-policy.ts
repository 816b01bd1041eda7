import { type PolicySettings, type PolicySettingsChange, policySettings } from '@baton/contract'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useTexts } from '../texts/use-texts.ts'

/** Each panel saves its own part: only what is named changes. */
export interface PolicyPanelProps {
  readonly settings: PolicySettings
  readonly mayWrite: boolean
}

export const useSavePolicy = () => {
  const t = useTexts()
  return useAction({
    run: (change: PolicySettingsChange) => api.put('/v1/policy', change, policySettings),
    refreshes: ['/v1/policy', '/v1/forms'],
    answers: '/v1/policy',
    done: t('settings.saved'),
    quiet: true,
  })
}
