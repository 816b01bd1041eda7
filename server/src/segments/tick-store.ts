import type { ChangeCause, Json } from '@baton/contract'
import { sql } from 'kysely'
import { type Instant, idOf, type PersonId, type Position, type WorkspaceId } from '../kernel/index.ts'
import { plainArray, type Tx } from '../stores/index.ts'
import type { ChangeColumns } from './change-columns.ts'
import { ruleIdOf } from './rule-store.ts'

/** Who came in or left, when, and why. */
export interface MembershipChange {
  readonly seq: number
  readonly tick: number
  readonly position: Position
  readonly ruleKey: string
  readonly version: number
  readonly personId: PersonId
  readonly entered: boolean
  /** When it became true. */
  readonly at: Instant
  /** When Baton knew. */
  readonly knownAt: Instant
  readonly cause: ChangeCause
  readonly evidence: Json
}

/** A full recomputation under way: everybody is counted, a slice a turn, then the new versions are swapped in. */
export interface Recount {
  readonly phase: 'counting' | 'swapping'
  /** The last person done in this phase, in ClickHouse's order of ids; null at its beginning. */
  readonly cursor: PersonId | null
  /** The versions this recount makes live. */
  readonly versions: readonly { readonly ruleKey: string; readonly version: number }[]
}

export interface TickState {
  readonly number: number
  readonly now: Instant
  readonly dueThrough: Instant
  readonly live: Position
  readonly bulk: Position
  readonly handled: number
  /** Sealed and perhaps not yet in ClickHouse; null once applied. */
  readonly masks: Buffer | null
  readonly recount: Recount | null
}

const first: TickState = {
  number: 0,
  now: 0,
  dueThrough: 0,
  live: 0 as Position,
  bulk: 0 as Position,
  handled: 0,
  masks: null,
  recount: null,
}

export const readTick = async (tx: Tx, workspaceId: WorkspaceId): Promise<TickState> => {
  const { rows } = await sql<TickState>`
    select number, now, due_through as "dueThrough", live_position as live, bulk_position as bulk, handled, masks, recount
    from segment_tick where workspace_id = ${workspaceId}`.execute(tx)
  return rows[0] ?? first
}

/** Seals the next tick. Answers false when another worker has sealed one meanwhile: then nothing may be kept. */
export const sealTick = async (tx: Tx, workspaceId: WorkspaceId, from: number, to: TickState): Promise<boolean> => {
  const recount = to.recount === null ? null : JSON.stringify(to.recount)
  const { rows } = await sql`
    insert into segment_tick
      (workspace_id, number, now, due_through, live_position, bulk_position, handled, masks, recount)
    values (${workspaceId}, ${to.number}, ${to.now}, ${to.dueThrough}, ${to.live}, ${to.bulk}, ${to.handled},
      ${to.masks}, ${recount}::text::jsonb)
    on conflict (workspace_id) do update set number = excluded.number, now = excluded.now,
      due_through = excluded.due_through, live_position = excluded.live_position,
      bulk_position = excluded.bulk_position, handled = excluded.handled, masks = excluded.masks,
      recount = excluded.recount
      where segment_tick.number = ${from}
    returning 1`.execute(tx)
  return rows.length === 1
}

export const clearMasks = async (tx: Tx, workspaceId: WorkspaceId, number: number): Promise<void> => {
  await sql`
    update segment_tick set masks = null where workspace_id = ${workspaceId} and number = ${number}`.execute(tx)
}

/** Writes a tick's changes. What they have in common goes over, and stands, once: there may be a million of them. */
export const insertChanges = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  { tick, position, knownAt }: { tick: number; position: Position; knownAt: Instant },
  { kinds, kindOf, persons, ats }: ChangeColumns,
): Promise<void> => {
  if (persons.length === 0) return
  const evidences = kinds.map(({ evidence }) => JSON.stringify(evidence))
  const ids = kinds.map(({ ruleKey, version, entered, cause }, place) =>
    idOf<string>('membership change', workspaceId, ruleKey, `${version} ${entered} ${cause} ${evidences[place]}`),
  )
  await sql`
    insert into membership_change_kind (workspace_id, kind_id, rule_key, version, entered, cause, evidence)
    select ${workspaceId}, * from unnest(
      ${ids}::uuid[], ${kinds.map(({ ruleKey }) => ruleKey)}::text[], ${kinds.map(({ version }) => version)}::integer[],
      ${kinds.map(({ entered }) => entered)}::boolean[], ${kinds.map(({ cause }) => cause)}::text[],
      ${evidences}::text[]::jsonb[]) kind(kind_id)
    order by kind_id on conflict do nothing`.execute(tx)
  const ruleIds = kinds.map(({ ruleKey }) => ruleIdOf(workspaceId, ruleKey))
  await sql`
    insert into membership_change (workspace_id, tick, position, rule_id, kind_id, person_id, at, known_at)
    select ${workspaceId}, ${tick}, ${position}, (${ruleIds}::uuid[])[kind + 1], (${ids}::uuid[])[kind + 1], person_id, at,
      ${knownAt}
    from unnest(${plainArray(persons)}::uuid[], ${plainArray(ats)}::bigint[], ${plainArray(kindOf)}::integer[])
      with ordinality change(person_id, at, kind, place)
    order by place`.execute(tx)
}

const columns = sql`seq, tick, position, rule_key as "ruleKey", version, person_id as "personId", entered, at,
  known_at as "knownAt", cause, evidence`

/**
 * Changes after `seq` in the order they became known, those of ticks that are sealed. The page is cut before its kinds are looked up:
 * of few kinds the planner knows nothing, takes the join for short, and would sort all that is left for every page.
 */
export const changesAfter = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  seq: number,
  limit: number,
): Promise<readonly MembershipChange[]> => {
  const { rows } = await sql<MembershipChange>`
    select ${columns}
    from (
      select * from membership_change
      where workspace_id = ${workspaceId} and seq > ${seq}
        and tick <= (select number from segment_tick where workspace_id = ${workspaceId})
      order by seq limit ${limit}
    ) page join membership_change_kind using (workspace_id, kind_id)
    order by seq`.execute(tx)
  return rows
}

/** The `seq` of the newest change of a sealed tick; 0 before the first. */
export const newestChange = async (tx: Tx, workspaceId: WorkspaceId): Promise<number> => {
  const { rows } = await sql<{ seq: number }>`
    select seq from membership_change
    where workspace_id = ${workspaceId} and tick <= (select number from segment_tick where workspace_id = ${workspaceId})
    order by seq desc limit 1`.execute(tx)
  return rows[0]?.seq ?? 0
}

/** Changes of one rule or one person (or both), newest first, before `seq`. */
export const changesOf = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  of: { ruleKey?: string; personId?: PersonId; from?: Instant | undefined; to?: Instant | undefined },
  page: { before: number | null; limit: number },
): Promise<readonly MembershipChange[]> => {
  const ruleId = of.ruleKey === undefined ? null : ruleIdOf(workspaceId, of.ruleKey)
  const { rows } = await sql<MembershipChange>`
    select ${columns}
    from (
      select * from membership_change
      where workspace_id = ${workspaceId}
        and (${ruleId}::uuid is null or rule_id = ${ruleId})
        and (${of.personId ?? null}::uuid is null or person_id = ${of.personId ?? null})
        and (${page.before}::bigint is null or seq < ${page.before})
        and (${of.from ?? null}::bigint is null or known_at >= ${of.from ?? null})
        and (${of.to ?? null}::bigint is null or known_at < ${of.to ?? null})
        and tick <= (select number from segment_tick where workspace_id = ${workspaceId})
      order by seq desc limit ${page.limit}
    ) page join membership_change_kind using (workspace_id, kind_id)
    order by seq desc`.execute(tx)
  return rows
}

/** The last entry of each of these people into a rule: since when she is in it, and why. */
export const lastEntries = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  ruleKey: string,
  persons: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, { at: Instant; cause: ChangeCause }>> => {
  const { rows } = await sql<{ personId: PersonId; at: Instant; cause: ChangeCause }>`
    select distinct on (person_id) person_id as "personId", at, cause
    from membership_change join membership_change_kind using (workspace_id, kind_id)
    where workspace_id = ${workspaceId} and rule_id = ${ruleIdOf(workspaceId, ruleKey)}
      and person_id = any(${persons}::uuid[]) and entered
    order by person_id, seq desc`.execute(tx)
  return new Map(rows.map(({ personId, at, cause }) => [personId, { at, cause }]))
}

/** In which rules each of these people is by her last changes, those of sealed ticks; who never had one is missing. */
export const membershipsByChanges = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, readonly string[]>> => {
  const { rows } = await sql<{ personId: PersonId; ruleKeys: readonly string[] }>`
    select person_id as "personId", coalesce(array_agg(rule_key) filter (where entered), '{}') as "ruleKeys"
    from (
      select distinct on (person_id, rule_id) person_id, kind_id from membership_change
      where workspace_id = ${workspaceId} and person_id = any(${persons}::uuid[])
        and tick <= (select number from segment_tick where workspace_id = ${workspaceId})
      order by person_id, rule_id, seq desc
    ) last join membership_change_kind kind on kind.workspace_id = ${workspaceId} and kind.kind_id = last.kind_id
    group by person_id`.execute(tx)
  return new Map(rows.map(({ personId, ruleKeys }) => [personId, ruleKeys]))
}

/** Changes of segments for a person (by the ids of all who are one with her), newest first, before an instant. */
export const changesOfPersons = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly string[],
  page: { before: Instant; limit: number },
): Promise<readonly MembershipChange[]> => {
  const { rows } = await sql<MembershipChange>`
    select ${columns} from membership_change join membership_change_kind using (workspace_id, kind_id)
    where workspace_id = ${workspaceId} and person_id = any(${persons}::uuid[]) and rule_key like 'segment:%'
      and at < ${page.before} and tick <= (select number from segment_tick where workspace_id = ${workspaceId})
    order by at desc, seq desc limit ${page.limit}`.execute(tx)
  return rows
}

/** What was noted of erased people: when they came into a segment and left it. */
export const deleteErasedChanges = async (tx: Tx, workspaceId: WorkspaceId, ids: readonly string[]): Promise<void> => {
  await sql`
    delete from membership_change where workspace_id = ${workspaceId} and person_id = any(${ids}::uuid[])`.execute(tx)
}
