import type { WorkspaceId } from '../kernel/index.ts'
import { createKeySets, type KeysOf } from './key-sets.ts'
import type { RulesToLookBy } from './look-at.ts'
import { rulesAtHand } from './people-at-hand.ts'
import { type RuleVersion, revisionOf, slottedRules } from './rule-versions.ts'

/** All that a tick needs of the rules, made ready. */
export interface RulesInForce extends RulesToLookBy {
  /** Versions whose bits are members now, live and retiring ones; and their keys by mask. */
  readonly members: readonly RuleVersion[]
  readonly keysOf: KeysOf
}

/** Kept until the rules change. */
export interface RulesMemory {
  of(workspaceId: WorkspaceId, rules: readonly RuleVersion[]): RulesInForce
}

export const createRulesMemory = (): RulesMemory => {
  const kept = new Map<WorkspaceId, { readonly revision: string; readonly inForce: RulesInForce }>()
  return {
    of: (workspaceId, rules) => {
      const revision = revisionOf(rules)
      const known = kept.get(workspaceId)
      if (known?.revision === revision) return known.inForce
      const slotted = slottedRules(rules)
      const members = rules.filter(({ state }) => state !== 'counting')
      const inForce = { slotted, atHand: rulesAtHand(slotted), members, keysOf: createKeySets(members) }
      kept.set(workspaceId, { revision, inForce })
      return inForce
    },
  }
}
