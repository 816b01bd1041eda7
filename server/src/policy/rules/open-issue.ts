import type { PolicyRule } from '../policy-rule.ts'

/** Service first: nobody is sold to while an issue of hers is open. */
export const openIssue: PolicyRule = {
  name: 'open-issue',
  title: 'Open issue: service first, no selling',
  object: ({ person, message }) =>
    person.openIssue && message.purpose === 'sell'
      ? {
          kind: 'drop',
          reason: 'open-issue-no-selling',
          inputs: { purpose: message.purpose, openIssue: true },
          sentence: 'An issue of hers is open, so nothing is sold to her.',
          customerSentence: 'You have an open issue with us; we solve that before we offer you anything.',
        }
      : null,
}
