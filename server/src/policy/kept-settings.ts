import { type PolicySettings, policySettings } from '@baton/contract'
import { defaultPolicySettings } from './default-settings.ts'

/**
 * Settings as they were kept, over the defaults. Where some can't be read (a newer version wrote them, or a hand), the others hold
 * and the kill switch is on: nothing leaves by rules that nobody chose, until somebody saves them again.
 */
export const settingsOf = (kept: unknown): PolicySettings => {
  const whole = policySettings.partial().safeParse(kept ?? {})
  return whole.success
    ? { ...defaultPolicySettings, ...whole.data }
    : { ...defaultPolicySettings, ...readable(kept), killSwitch: true }
}

const readable = (kept: unknown): Partial<PolicySettings> => {
  const read = Object.entries(policySettings.shape).flatMap(([name, schema]) => {
    const found: unknown = typeof kept === 'object' && kept !== null ? Reflect.get(kept, name) : undefined
    const one = schema.safeParse(found)
    return one.success ? [[name, one.data]] : []
  })
  return policySettings.partial().parse(Object.fromEntries(read))
}
