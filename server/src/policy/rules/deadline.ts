import type { PolicyRule } from '../policy-rule.ts'

/** A message that could not be handed over by its deadline is no longer what it was planned as. */
export const deadline: PolicyRule = {
  name: 'deadline',
  title: 'Message deadline',
  object: ({ now, message }) =>
    now >= message.deadlineAt
      ? {
          kind: 'drop',
          reason: 'expired',
          inputs: { deadlineAt: message.deadlineAt },
          sentence: 'Its deadline passed before it could be handed over.',
          customerSentence: 'It would have come too late to be of use.',
        }
      : null,
}
