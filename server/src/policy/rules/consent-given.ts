import type { Consent } from '@baton/contract'
import type { Instant } from '../../kernel/index.ts'
import type { PolicyRule } from '../policy-rule.ts'

/** For the purposes that need it: given, not withdrawn, not expired. A refusal counts for every purpose. */
export const consentGiven: PolicyRule = {
  name: 'consent',
  title: 'Consent for the purpose',
  object: ({ person, message: { purpose }, settings, now }) => {
    const consent = person.consents.find((one) => one.purpose === purpose)
    const state = consentState(consent, now)
    if (state === 'given' || (state !== 'withdrawn' && !settings.consentNeeded.includes(purpose))) return null
    const [sentence, customerSentence] = words[state]
    return {
      kind: 'drop',
      reason: 'no-consent',
      inputs: { purpose, state, source: consent?.source ?? null, since: consent?.at ?? null },
      sentence: `${sentence} (${purpose}).`,
      customerSentence,
    }
  },
}

const consentState = (consent: Consent | undefined, now: Instant) => {
  if (!consent) return 'never-given'
  if (!consent.given) return 'withdrawn'
  return consent.expiresAt !== null && consent.expiresAt <= now ? 'expired' : 'given'
}

const words = {
  'never-given': ['She never agreed to messages of this purpose', 'You have not agreed to messages of this kind.'],
  withdrawn: ['She withdrew her consent to this purpose', 'You withdrew your consent to messages of this kind.'],
  expired: ['Her consent to this purpose has expired', 'Your consent to messages of this kind has expired.'],
} as const
