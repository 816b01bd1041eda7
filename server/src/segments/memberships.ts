import type { Lane } from '../jobs/index.ts'
import { readPosition } from '../jobs/index.ts'
import type { PersonId, Position, WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, Postgres } from '../stores/index.ts'
import { hasSlot } from './mask.ts'
import { countSlots, pageOfSlot, readMasks } from './mask-sql.ts'
import { loadRules } from './rule-store.ts'
import type { RuleVersion } from './rule-versions.ts'
import { segmentsStageName } from './stage-name.ts'
import { changesAfter, type MembershipChange, newestChange } from './tick-store.ts'

/** Who is in what now, as the last applied tick left it. */
export interface Memberships {
  /** Changes after `seq`, oldest first; of sealed ticks only. */
  changesAfter(workspaceId: WorkspaceId, seq: number, limit: number): Promise<readonly MembershipChange[]>
  /** The `seq` of the newest change of a sealed tick; 0 before the first. */
  newestChange(workspaceId: WorkspaceId): Promise<number>
  /** Which of these rules hold for these people, at the ticked position or later. Unknown people are missing. */
  holds(
    workspaceId: WorkspaceId,
    ruleKeys: readonly string[],
    persons: readonly PersonId[],
  ): Promise<ReadonlyMap<PersonId, ReadonlySet<string>>>
  /** Everything up to this position counts in `holds`. */
  tickedPosition(workspaceId: WorkspaceId, lane: Lane): Promise<Position>
  /** Of these rules, those whose members are known (a new rule is counted first). */
  known(workspaceId: WorkspaceId, ruleKeys: readonly string[]): Promise<ReadonlySet<string>>
  /** Members of each rule, and all people. */
  counts(
    workspaceId: WorkspaceId,
    ruleKeys: readonly string[],
  ): Promise<{ people: number; byRule: ReadonlyMap<string, number> }>
  /** One page of a rule's members, in an order of ids. */
  membersOf(
    workspaceId: WorkspaceId,
    ruleKey: string,
    page: { after: PersonId | null; limit: number },
  ): Promise<readonly PersonId[]>
}

export const createMemberships = ({
  postgres,
  clickhouse,
}: {
  postgres: Postgres
  clickhouse: ClickHouse
}): Memberships => {
  const liveRules = async (workspaceId: WorkspaceId): Promise<ReadonlyMap<string, RuleVersion>> => {
    const rules = await postgres.inWorkspace(workspaceId, (tx) => loadRules(tx, workspaceId))
    return new Map(rules.filter(({ state }) => state === 'live').map((rule) => [rule.ruleKey, rule]))
  }
  const pick = (live: ReadonlyMap<string, RuleVersion>, ruleKeys: readonly string[]): readonly RuleVersion[] =>
    ruleKeys.flatMap((ruleKey) => live.get(ruleKey) ?? [])

  return {
    changesAfter: (workspaceId, seq, limit) =>
      postgres.inWorkspace(workspaceId, (tx) => changesAfter(tx, workspaceId, seq, limit)),
    newestChange: (workspaceId) => postgres.inWorkspace(workspaceId, (tx) => newestChange(tx, workspaceId)),
    holds: async (workspaceId, ruleKeys, persons) => {
      const rules = pick(await liveRules(workspaceId), ruleKeys)
      const masks = await readMasks(clickhouse, workspaceId, { kind: 'persons', persons })
      return new Map(
        [...masks].map(([personId, { words }]) => [
          personId,
          new Set(rules.filter(({ slot }) => hasSlot(words, slot)).map(({ ruleKey }) => ruleKey)),
        ]),
      )
    },
    tickedPosition: (workspaceId, lane) =>
      postgres.askGlobal((db) => readPosition(db, workspaceId, segmentsStageName, lane)),
    known: async (workspaceId, ruleKeys) => {
      const live = await liveRules(workspaceId)
      return new Set(ruleKeys.filter((ruleKey) => live.has(ruleKey)))
    },
    counts: async (workspaceId, ruleKeys) => {
      const rules = pick(await liveRules(workspaceId), ruleKeys)
      const { people, bySlot } = await countSlots(
        clickhouse,
        workspaceId,
        rules.map(({ slot }) => slot),
      )
      return { people, byRule: new Map(rules.map(({ ruleKey, slot }) => [ruleKey, bySlot.get(slot) ?? 0])) }
    },
    membersOf: async (workspaceId, ruleKey, page) => {
      const rule = (await liveRules(workspaceId)).get(ruleKey)
      return rule === undefined ? [] : pageOfSlot(clickhouse, workspaceId, rule.slot, page)
    },
  }
}
