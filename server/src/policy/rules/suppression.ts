import type { PolicyRule } from '../policy-rule.ts'

const words = {
  erased: ['Her data was erased.', 'You asked us to erase your data.'],
  suppressed: ['She is on the suppression list.', 'You are on our list of people not to contact.'],
  bounced: ['Mail to this address bounced.', 'Mail to your address came back to us.'],
  complained: ['She reported a message as spam.', 'You reported one of our messages as spam.'],
} as const
const heaviest = ['erased', 'suppressed', 'complained', 'bounced'] as const

/** Erased, suppressed, complained: never. Bounced: never to that address again; a new address is a new start. */
export const suppression: PolicyRule = {
  name: 'suppression',
  title: 'Suppressed, bounced or complained',
  object: ({ person }) => {
    const address = person.address?.toLowerCase() ?? null
    const applies = person.suppressions.filter((one) => one.address === null || one.address === address)
    const reason = heaviest.find((one) => applies.some((found) => found.reason === one))
    if (!reason) return null
    const found = applies.find((one) => one.reason === reason)
    const [sentence, customerSentence] = words[reason]
    return {
      kind: 'drop',
      reason,
      inputs: { reason, since: found?.at ?? null, detail: found?.detail ?? null },
      sentence,
      customerSentence,
    }
  },
}
