import { isMailAddress } from '../mail-address.ts'
import type { PolicyRule } from '../policy-rule.ts'

/** The channel must have an address of hers, and a well-formed one. */
export const reachable: PolicyRule = {
  name: 'reachable',
  title: 'Has an address',
  object: ({ person, message }) => {
    if (person.address === null)
      return {
        kind: 'drop',
        reason: 'no-address',
        inputs: { channel: message.channel },
        sentence: `No ${message.channel} address of hers is known.`,
        customerSentence: 'We do not have an address of yours.',
      }
    if (!isMailAddress(person.address))
      return {
        kind: 'drop',
        reason: 'invalid-address',
        inputs: { channel: message.channel },
        sentence: `Her ${message.channel} address is not well-formed.`,
        customerSentence: 'The address we have of you is not complete.',
      }
    return null
  },
}
