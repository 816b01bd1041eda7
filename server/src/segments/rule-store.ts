import type { Rule } from '@baton/contract'
import { sql } from 'kysely'
import { type Instant, idOf, type RuleId, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { OwnerKind, RuleState, RuleVersion } from './rule-versions.ts'

export const ruleIdOf = (workspaceId: WorkspaceId, ruleKey: string): RuleId => idOf<RuleId>(workspaceId, ruleKey)

/** All versions that have a bit. `lock`: nobody else changes rules until the transaction ends. */
export const loadRules = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  { lock = false }: { lock?: boolean } = {},
): Promise<readonly RuleVersion[]> => {
  if (lock) await sql`select pg_advisory_xact_lock(hashtextextended(${`rules ${workspaceId}`}, 0))`.execute(tx)
  const { rows } = await sql<{
    ruleId: RuleId
    ruleKey: string
    version: number
    ownerKind: OwnerKind
    slot: number
    definition: Rule
    state: RuleState
  }>`
    select rule_id as "ruleId", rule_key as "ruleKey", version, owner_kind as "ownerKind", slot, definition, state
    from rule where workspace_id = ${workspaceId} and state <> 'retired' order by rule_key, version`.execute(tx)
  return rows
}

/** The highest version number each key ever had. */
export const newestVersions = async (tx: Tx, workspaceId: WorkspaceId): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await sql<{ ruleKey: string; version: number }>`
    select rule_key as "ruleKey", max(version) as version from rule
    where workspace_id = ${workspaceId} group by rule_key`.execute(tx)
  return new Map(rows.map(({ ruleKey, version }) => [ruleKey, version]))
}

export const insertVersions = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  at: Instant,
  versions: readonly Omit<RuleVersion, 'ruleId'>[],
): Promise<void> => {
  await sql`
    insert into rule (workspace_id, rule_key, version, rule_id, owner_kind, slot, definition, state, created_at)
    select ${workspaceId}, rule_key, version, rule_id, owner_kind, slot, definition::jsonb, state, ${at}
    from unnest(
      ${versions.map(({ ruleKey }) => ruleKey)}::text[], ${versions.map(({ version }) => version)}::integer[],
      ${versions.map(({ ruleKey }) => ruleIdOf(workspaceId, ruleKey))}::uuid[],
      ${versions.map(({ ownerKind }) => ownerKind)}::text[], ${versions.map(({ slot }) => slot)}::integer[],
      ${versions.map(({ definition }) => JSON.stringify(definition))}::text[],
      ${versions.map(({ state }) => state)}::text[]
    ) new(rule_key, version, rule_id, owner_kind, slot, definition, state)`.execute(tx)
}

/** Moves versions on. Becoming live and being retired are stamped. */
export const setStates = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  at: Instant,
  state: RuleState | 'retired',
  versions: readonly Pick<RuleVersion, 'ruleKey' | 'version'>[],
): Promise<void> => {
  if (versions.length === 0) return
  await sql`
    update rule set state = ${state},
      live_at = case when ${state} = 'live' then ${at}::bigint else live_at end,
      retired_at = case when ${state} = 'retired' then ${at}::bigint else retired_at end
    from unnest(${versions.map(({ ruleKey }) => ruleKey)}::text[], ${versions.map(({ version }) => version)}::integer[])
      moved(rule_key, version)
    where rule.workspace_id = ${workspaceId} and rule.rule_key = moved.rule_key and rule.version = moved.version`.execute(
    tx,
  )
}
