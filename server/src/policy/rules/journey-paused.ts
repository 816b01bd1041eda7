import type { PolicyRule } from '../policy-rule.ts'

/** A paused journey may be resumed: its messages wait, asked again every minute until their deadline. */
export const journeyPaused: PolicyRule = {
  name: 'journey-paused',
  title: 'Journey paused',
  object: ({ run, now }) =>
    run === 'paused'
      ? {
          kind: 'hold',
          until: now + 60_000,
          reason: 'journey-not-live',
          inputs: { run },
          sentence: 'The journey is paused.',
          customerSentence: 'We have paused this series.',
        }
      : null,
}
