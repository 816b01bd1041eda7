import type { ChangeCause, Json } from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, PersonId, Position, WorkspaceId } from '../kernel/index.ts'
import { plainArray, type Tx } from '../stores/index.ts'
import type { ChangeColumns } from './change-columns.ts'

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

/** Writes a tick's changes. What they have in common goes over once: there may be a million of them. */
export const insertChanges = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  { tick, position, knownAt }: { tick: number; position: Position; knownAt: Instant },
  { kinds, kindOf, persons, ats }: ChangeColumns,
): Promise<void> => {
  if (persons.length === 0) return
  await sql`
    insert into membership_change
      (workspace_id, tick, position, rule_key, version, person_id, entered, at, known_at, cause, evidence)
    select ${workspaceId}, ${tick}, ${position}, kind.rule_key, kind.version, change.person_id, kind.entered, change.at,
      ${knownAt}, kind.cause, kind.evidence
    from unnest(${plainArray(persons)}::uuid[], ${plainArray(ats)}::bigint[], ${plainArray(kindOf)}::integer[])
      with ordinality change(person_id, at, kind, place)
    join unnest(
      ${kinds.map(({ ruleKey }) => ruleKey)}::text[], ${kinds.map(({ version }) => version)}::integer[],
      ${kinds.map(({ entered }) => entered)}::boolean[], ${kinds.map(({ cause }) => cause)}::text[],
      ${kinds.map(({ evidence }) => JSON.stringify(evidence))}::text[]::jsonb[]
    ) with ordinality kind(rule_key, version, entered, cause, evidence, place) on kind.place = change.kind + 1
    order by change.place`.execute(tx)
}

const columns = sql`seq, tick, position, rule_key as "ruleKey", version, person_id as "personId", entered, at,
  known_at as "knownAt", cause, evidence`

/** Changes after `seq` in the order they became known, those of ticks that are sealed. */
export const changesAfter = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  seq: number,
  limit: number,
): Promise<readonly MembershipChange[]> => {
  const { rows } = await sql<MembershipChange>`
    select ${columns} from membership_change
    where workspace_id = ${workspaceId} and seq > ${seq}
      and tick <= (select number from segment_tick where workspace_id = ${workspaceId})
    order by seq limit ${limit}`.execute(tx)
  return rows
}

/** Changes of one rule or one person (or both), newest first, before `seq`. */
export const changesOf = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  of: { ruleKey?: string; personId?: PersonId; from?: Instant | undefined; to?: Instant | undefined },
  page: { before: number | null; limit: number },
): Promise<readonly MembershipChange[]> => {
  const { rows } = await sql<MembershipChange>`
    select ${columns} from membership_change
    where workspace_id = ${workspaceId}
      and (${of.ruleKey ?? null}::text is null or rule_key = ${of.ruleKey ?? null})
      and (${of.personId ?? null}::uuid is null or person_id = ${of.personId ?? null})
      and (${page.before}::bigint is null or seq < ${page.before})
      and (${of.from ?? null}::bigint is null or known_at >= ${of.from ?? null})
      and (${of.to ?? null}::bigint is null or known_at < ${of.to ?? null})
      and tick <= (select number from segment_tick where workspace_id = ${workspaceId})
    order by seq desc limit ${page.limit}`.execute(tx)
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
    select distinct on (person_id) person_id as "personId", at, cause from membership_change
    where workspace_id = ${workspaceId} and rule_key = ${ruleKey} and person_id = any(${persons}::uuid[]) and entered
    order by person_id, seq desc`.execute(tx)
  return new Map(rows.map(({ personId, at, cause }) => [personId, { at, cause }]))
}

/** Changes of segments for a person (by the ids of all who are one with her), newest first, before an instant. */
export const changesOfPersons = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly string[],
  page: { before: Instant; limit: number },
): Promise<readonly MembershipChange[]> => {
  const { rows } = await sql<MembershipChange>`
    select ${columns} from membership_change
    where workspace_id = ${workspaceId} and person_id = any(${persons}::uuid[]) and rule_key like 'segment:%'
      and at < ${page.before} and tick <= (select number from segment_tick where workspace_id = ${workspaceId})
    order by at desc, seq desc limit ${page.limit}`.execute(tx)
  return rows
}
