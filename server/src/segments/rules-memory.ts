import type { WorkspaceId } from '../kernel/index.ts'
import type { RulesToLookBy } from './look-at.ts'
import { rulesAtHand } from './people-at-hand.ts'
import { type RuleVersion, revisionOf, slottedRules } from './rule-versions.ts'

/** Rules made ready to look by, kept until they change. */
export interface RulesMemory {
  of(workspaceId: WorkspaceId, rules: readonly RuleVersion[]): RulesToLookBy
}

export const createRulesMemory = (): RulesMemory => {
  const kept = new Map<WorkspaceId, { readonly revision: string; readonly lookBy: RulesToLookBy }>()
  return {
    of: (workspaceId, rules) => {
      const revision = revisionOf(rules)
      const known = kept.get(workspaceId)
      if (known?.revision === revision) return known.lookBy
      const slotted = slottedRules(rules)
      const lookBy = { slotted, atHand: rulesAtHand(slotted) }
      kept.set(workspaceId, { revision, lookBy })
      return lookBy
    },
  }
}
