import type { PolicyRule } from '../policy-rule.ts'

/** The run that planned the message must still be going on; while its journey is paused, see `journey-paused`. */
export const runLive: PolicyRule = {
  name: 'run-live',
  title: 'The journey still goes on for her',
  object: ({ run }) => {
    if (run === 'ended')
      return {
        kind: 'drop',
        reason: 'run-ended',
        inputs: { run },
        sentence: 'Her run of the journey had ended before the hand-over.',
        customerSentence: 'What this message was about had already been settled.',
      }
    if (run === 'stopped')
      return {
        kind: 'drop',
        reason: 'journey-stopped',
        inputs: { run },
        sentence: 'The journey was stopped before the hand-over.',
        customerSentence: 'We stopped sending this series.',
      }
    return null
  },
}
