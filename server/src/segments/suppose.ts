import type { Rule } from '@baton/contract'
import type { JsonObject } from '../collect/index.ts'
import type { Instant, PersonId, WorkspaceId } from '../kernel/index.ts'
import type { People } from '../people/index.ts'
import type { ClickHouse, Postgres } from '../stores/index.ts'
import { evaluateRules } from './evaluate-rule.ts'
import { readEvents, withReferences } from './explain.ts'
import type { FactEvent, Facts } from './facts.ts'
import type { KeyedRule } from './order-rules.ts'
import { loadRules } from './rule-store.ts'
import { leavesOf } from './rule-tree.ts'
import { nextWorld } from './rule-versions.ts'

/** A real person as she is known today, or one of whom nothing is known but these traits. */
export type SupposedPerson =
  | { readonly kind: 'real'; readonly personId: PersonId }
  | { readonly kind: 'made'; readonly traits: JsonObject }

/** Rules asked about one person at any instant, with events that have not happened. */
export interface SupposedRules {
  /** Keys of the rules that hold at that instant; events after it are not seen. */
  holdAt(now: Instant, further: readonly FactEvent[]): ReadonlySet<string>
}

/**
 * Makes rules that need not be saved ready to be asked about one person. Her facts are read once; traits are as they stand
 * today. Null when there is no such person. The rules must be sound (see `problem`).
 */
export const supposeRules = async (
  deps: { postgres: Postgres; clickhouse: ClickHouse; people: Pick<People, 'get' | 'projected'> },
  workspaceId: WorkspaceId,
  about: SupposedPerson,
  rules: readonly KeyedRule[],
): Promise<SupposedRules | null> => {
  const person =
    about.kind === 'made'
      ? { traits: about.traits, subjects: [] }
      : (await deps.people.get(workspaceId, [about.personId])).get(about.personId)
  if (person === undefined) return null
  if (rules.length === 0) return { holdAt: () => new Set() }
  const versions = await deps.postgres.inWorkspace(workspaceId, (tx) => loadRules(tx, workspaceId))
  const definitions = new Map<string, Rule>(
    [...nextWorld(versions)].map(([ruleKey, { definition }]) => [ruleKey, definition]),
  )
  for (const { ruleKey, rule } of rules) definitions.set(ruleKey, rule)
  const asked = rules.map(({ ruleKey }) => ruleKey)
  const wanted = withReferences(definitions, asked)
  const leaves = wanted.flatMap(({ rule }) => leavesOf(rule))
  const { batch } = await deps.people.projected(workspaceId)
  const events = await readEvents(deps.clickhouse, workspaceId, person.subjects, leaves, batch)
  return {
    holdAt: (now, further) => {
      const facts: Facts = { traits: person.traits, events: [...events, ...further] }
      const { answers } = evaluateRules(wanted, facts, now)
      return new Set(asked.filter((ruleKey) => answers.get(ruleKey)?.holds))
    },
  }
}
