import type { ChangeCause, Json, LifeCycleDefinition, TrackKey } from '@baton/contract'
import { sql } from 'kysely'
import { countable, type Instant, type PersonId, type WorkspaceId } from '../kernel/index.ts'
import { plainArray, type Tx } from '../stores/index.ts'
import type { Move, Standing } from './settle-states.ts'

export interface StoredDefinition {
  readonly version: number
  readonly definition: LifeCycleDefinition
  readonly createdAt: Instant
}

export const readDefinition = async (tx: Tx, workspaceId: WorkspaceId): Promise<StoredDefinition | null> => {
  const { rows } = await sql<StoredDefinition>`
    select version, definition, created_at as "createdAt" from life_cycle_definition
    where workspace_id = ${workspaceId} order by version desc limit 1`.execute(tx)
  return rows[0] ?? null
}

export const insertDefinition = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  next: StoredDefinition & { readonly createdBy: string },
): Promise<void> => {
  await sql`
    insert into life_cycle_definition (workspace_id, version, definition, created_at, created_by)
    values (${workspaceId}, ${next.version}, ${JSON.stringify(next.definition)}::text::jsonb, ${next.createdAt},
      ${next.createdBy})`.execute(tx)
}

export const readStandings = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, readonly Standing[]>> => {
  const { rows } = await sql<Standing & { personId: PersonId }>`
    select person_id as "personId", track, state, since, until, at_risk as "atRisk" from life_cycle_state
    where workspace_id = ${workspaceId} and person_id = any(${plainArray(persons)}::uuid[])`.execute(tx)
  const standings = new Map<PersonId, Standing[]>()
  for (const { personId, ...standing } of rows) {
    const known = standings.get(personId)
    if (known) known.push(standing)
    else standings.set(personId, [standing])
  }
  return standings
}

export const writeStandings = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  rows: readonly (Standing & { personId: PersonId })[],
): Promise<void> => {
  if (rows.length === 0) return
  await sql`
    insert into life_cycle_state (workspace_id, person_id, track, state, since, until, at_risk)
    select ${workspaceId}, person_id, track, state, since, until, at_risk
    from unnest(
      ${plainArray(rows.map(({ personId }) => personId))}::uuid[], ${rows.map(({ track }) => track)}::text[],
      ${rows.map(({ state }) => state)}::text[], ${plainArray(rows.map(({ since }) => since))}::bigint[],
      ${rows.map(({ until }) => until)}::bigint[], ${rows.map(({ atRisk }) => atRisk)}::boolean[]
    ) new(person_id, track, state, since, until, at_risk)
    on conflict (workspace_id, person_id, track) do update set
      state = excluded.state, since = excluded.since, until = excluded.until, at_risk = excluded.at_risk`.execute(tx)
}

export const deleteStandings = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
): Promise<void> => {
  if (persons.length === 0) return
  await sql`
    delete from life_cycle_state
    where workspace_id = ${workspaceId} and person_id = any(${persons}::uuid[])`.execute(tx)
}

export interface CountDelta {
  readonly track: TrackKey
  readonly state: string
  readonly people: number
  readonly atRisk: number
}

/** Sorted, so that two writers lock the rows in one order. */
export const addToCounts = async (tx: Tx, workspaceId: WorkspaceId, deltas: readonly CountDelta[]): Promise<void> => {
  if (deltas.length === 0) return
  await sql`
    insert into life_cycle_count (workspace_id, track, state, people, at_risk)
    select ${workspaceId}, track, state, people, at_risk
    from unnest(
      ${deltas.map(({ track }) => track)}::text[], ${deltas.map(({ state }) => state)}::text[],
      ${deltas.map(({ people }) => people)}::bigint[], ${deltas.map(({ atRisk }) => atRisk)}::bigint[]
    ) new(track, state, people, at_risk)
    order by track, state
    on conflict (workspace_id, track, state) do update set
      people = life_cycle_count.people + excluded.people, at_risk = life_cycle_count.at_risk + excluded.at_risk`.execute(
    tx,
  )
}

export const readCounts = async (tx: Tx, workspaceId: WorkspaceId): Promise<readonly CountDelta[]> => {
  const { rows } = await sql<CountDelta>`
    select track, state, people, at_risk as "atRisk" from life_cycle_count
    where workspace_id = ${workspaceId}`.execute(tx)
  return rows
}

/** Writes moves. Their evidence goes over once for all who share it. */
export const insertMoves = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  facts: { tick: number; knownAt: Instant },
  moves: readonly (Move & { evidence: Json })[],
): Promise<void> => {
  if (moves.length === 0) return
  const evidences = [...new Set(moves.map(({ evidence }) => evidence))]
  const placeOf = new Map(evidences.map((evidence, index) => [evidence, index + 1]))
  await sql`
    insert into life_cycle_move
      (workspace_id, tick, person_id, track, from_state, to_state, at, known_at, cause, evidence)
    select ${workspaceId}, ${facts.tick}, move.person_id, move.track, move.from_state, move.to_state, move.at,
      ${facts.knownAt}, move.cause, shared.evidence
    from unnest(
      ${plainArray(moves.map(({ personId }) => personId))}::uuid[], ${moves.map(({ track }) => track)}::text[],
      ${moves.map(({ from }) => from)}::text[], ${moves.map(({ to }) => to)}::text[],
      ${plainArray(moves.map(({ at }) => at))}::bigint[], ${moves.map(({ cause }) => cause)}::text[],
      ${plainArray(moves.map(({ evidence }) => placeOf.get(evidence) ?? 0))}::integer[]
    ) with ordinality move(person_id, track, from_state, to_state, at, cause, evidence, place)
    join unnest(${evidences.map((evidence) => JSON.stringify(evidence))}::text[]::jsonb[])
      with ordinality shared(evidence, place) on shared.place = move.evidence
    order by move.place`.execute(tx)
}

export interface MoveRow {
  readonly seq: number
  readonly personId: PersonId
  readonly track: TrackKey
  readonly from: string | null
  readonly to: string | null
  readonly at: Instant
  readonly knownAt: Instant
  readonly cause: ChangeCause
  readonly evidence: Json
}

/** A person's moves (of all who are one with her by their ids), newest first. */
export const readMoves = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly string[],
  page: { before: Instant | null; limit: number },
): Promise<readonly MoveRow[]> => {
  const { rows } = await sql<MoveRow>`
    select seq, person_id as "personId", track, from_state as "from", to_state as "to", at, known_at as "knownAt",
      cause, evidence
    from life_cycle_move
    where workspace_id = ${workspaceId} and person_id = any(${persons}::uuid[])
      and (${page.before}::bigint is null or at < ${page.before})
    order by at desc, seq desc limit ${page.limit}`.execute(tx)
  return rows
}

/** People whose grace (or other kept time) has ended. */
export const readEnded = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  now: Instant,
  limit: number,
): Promise<readonly PersonId[]> => {
  const { rows } = await sql<{ personId: PersonId }>`
    select distinct person_id as "personId" from life_cycle_state
    where workspace_id = ${workspaceId} and until <= ${now} limit ${limit}`.execute(tx)
  return rows.map(({ personId }) => personId)
}

export const readNextEnd = async (tx: Tx, workspaceId: WorkspaceId): Promise<Instant | null> => {
  const { rows } = await sql<{ until: Instant | null }>`
    select min(until) as until from life_cycle_state
    where workspace_id = ${workspaceId} and until is not null`.execute(tx)
  return rows[0]?.until ?? null
}

/** Ends what is kept for people in states that a new definition does not have. */
export const endStates = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  states: readonly { track: TrackKey; state: string }[],
): Promise<void> => {
  if (states.length === 0) return
  await sql`
    update life_cycle_state set until = 0
    from unnest(${states.map(({ track }) => track)}::text[], ${states.map(({ state }) => state)}::text[]) gone(track, state)
    where life_cycle_state.workspace_id = ${workspaceId} and life_cycle_state.track = gone.track
      and life_cycle_state.state = gone.state`.execute(tx)
}

export const pageOfState = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  of: { track: string; state: string; atRisk: boolean | null },
  page: { after: PersonId | null; limit: number },
): Promise<readonly { personId: PersonId; since: Instant; until: Instant | null; atRisk: boolean }[]> => {
  const { rows } = await sql<{ personId: PersonId; since: Instant; until: Instant | null; atRisk: boolean }>`
    select person_id as "personId", since, until, at_risk as "atRisk" from life_cycle_state
    where workspace_id = ${workspaceId} and track = ${of.track} and state = ${of.state}
      and (${of.atRisk}::boolean is null or at_risk = ${of.atRisk})
      and (${page.after}::uuid is null or person_id > ${page.after})
    order by person_id limit ${page.limit}`.execute(tx)
  return rows
}

/** From each state at `from` to each at `to`: people, and their kept revenue to date in the currency asked for. */
export const readFlows = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  request: { track: TrackKey; from: Instant; to: Instant; currency: string },
): Promise<readonly { from: string | null; to: string; people: number; valueMinor: number }[]> => {
  const { rows } = await sql<{ from: string | null; to: string; people: number; valueMinor: number }>`
    with standing as (
      select person_id,
        (array_agg(to_state order by at desc, seq desc) filter (where at <= ${request.from}))[1] as was,
        (array_agg(to_state order by at desc, seq desc))[1] as becomes
      from life_cycle_move
      where workspace_id = ${workspaceId} and track = ${request.track} and at <= ${request.to}
      group by person_id
    ), worth as (
      select s.person_id, sum(o.gross_minor - o.refunded_minor) as minor
      from customer_order o join subject s using (workspace_id, subject_id)
      where o.workspace_id = ${workspaceId} and not o.cancelled and o.currency = ${request.currency}
        and o.ordered_at <= ${request.to}
      group by s.person_id
    )
    select was as "from", becomes as "to", count(*)::bigint as people, coalesce(sum(minor), 0)::float8 as "valueMinor"
    from standing left join worth using (person_id)
    where becomes is not null
    group by was, becomes order by was nulls first, becomes`.execute(tx)
  return rows.map((row) => ({ ...row, valueMinor: countable(row.valueMinor) }))
}

/** Takes erased people out of states and moves; who still stood somewhere is counted there no more. */
export const deleteErased = async (tx: Tx, workspaceId: WorkspaceId, ids: readonly string[]): Promise<void> => {
  const { rows } = await sql<{ track: TrackKey; state: string; atRisk: boolean }>`
    delete from life_cycle_state where workspace_id = ${workspaceId} and person_id = any(${ids}::uuid[])
    returning track, state, at_risk as "atRisk"`.execute(tx)
  await addToCounts(
    tx,
    workspaceId,
    [...Map.groupBy(rows, ({ track, state }) => `${track} ${state}`).values()].flatMap((of) => {
      const [first] = of
      if (first === undefined) return []
      const { track, state } = first
      return [{ track, state, people: -of.length, atRisk: -of.filter(({ atRisk }) => atRisk).length }]
    }),
  )
  await sql`
    delete from life_cycle_move where workspace_id = ${workspaceId} and person_id = any(${ids}::uuid[])`.execute(tx)
}
