import type { LifeCycleDefinition, TrackKey } from '@baton/contract'
import type { RulePut } from '../segments/index.ts'

/** The rule of a state among all rules of the workspace. */
export const stateRuleKey = (track: TrackKey, state: string): string => `life-cycle:${track}:${state}`

export const isStateRuleKey = (ruleKey: string): boolean => ruleKey.startsWith('life-cycle:')

/** The rules to be kept for a definition. */
export const rulesOf = (definition: LifeCycleDefinition): readonly RulePut[] =>
  definition.tracks.flatMap(({ track, states }) =>
    states.flatMap(({ state, rule }) =>
      rule === null ? [] : [{ ruleKey: stateRuleKey(track, state), ownerKind: 'life-cycle' as const, rule }],
    ),
  )

/** What is wrong with a definition beyond its schema, in a sentence; null when nothing is. */
export const definitionProblem = (
  definition: LifeCycleDefinition,
  before: LifeCycleDefinition | null,
): string | null => {
  if (new Set(definition.tracks.map(({ track }) => track)).size !== 3)
    return 'There are three tracks, each once: identity, brand and conversion'
  for (const { track, states } of definition.tracks) {
    const keys = states.map(({ state }) => state)
    if (new Set(keys).size !== keys.length) return `The track ${track} has a state twice`
    const first = states[0]
    if (first?.rule !== null || first.comesAfter !== undefined)
      return `The first state of ${track} holds for everybody else and can have no rule`
    for (const { state, rule, missing, comesAfter } of states.slice(1)) {
      if (rule === null && missing === undefined && comesAfter === undefined)
        return `${track}: ${state} needs a rule, or must say what is missing for it`
      if (comesAfter !== undefined && (rule !== null || !keys.includes(comesAfter.state)))
        return `${track}: ${state} comes after a state of its own track, instead of having a rule`
    }
    const old = before?.tracks.find((each) => each.track === track)?.states.map(({ state }) => state) ?? []
    const kept = keys.filter((key) => old.includes(key))
    if (kept.join() !== old.filter((key) => keys.includes(key)).join())
      return `The order of states on ${track} can't be changed; take a state out, save, and add it again where it belongs`
  }
  return null
}
