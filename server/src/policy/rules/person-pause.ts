import type { PolicyRule } from '../policy-rule.ts'

/** She asked for a pause: everything but service waits. */
export const personPause: PolicyRule = {
  name: 'pause',
  title: 'She asked for a pause',
  object: ({ person: { preferences }, message, now }) =>
    preferences.pausedUntil !== null && preferences.pausedUntil > now && message.purpose !== 'serve'
      ? {
          kind: 'hold',
          until: preferences.pausedUntil,
          reason: 'paused',
          inputs: { pausedUntil: preferences.pausedUntil },
          sentence: `She asked for a pause until ${new Date(preferences.pausedUntil).toISOString()}.`,
          customerSentence: 'You asked us to pause.',
        }
      : null,
}
