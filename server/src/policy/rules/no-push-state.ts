import type { PolicyRule } from '../policy-rule.ts'

/** In a no-push state (facilitated buying by default) people are informed, coached and served, not sold to. */
export const noPushState: PolicyRule = {
  name: 'no-push-state',
  title: 'No pushing in this life-cycle state',
  object: ({ person, message, settings }) => {
    if (message.purpose !== 'sell') return null
    const state = person.states.find((one) => settings.noPushStates.includes(one))
    if (state === undefined) return null
    return {
      kind: 'drop',
      reason: 'no-push-state',
      inputs: { state, purpose: message.purpose },
      sentence: `She is in the state ${state}, in which nothing is sold.`,
      customerSentence: 'You are making up your mind; we inform and help, but do not push.',
    }
  },
}
