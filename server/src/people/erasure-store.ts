import { sql } from 'kysely'
import { readSettled } from '../jobs/index.ts'
import type { Instant, PersonId, Position, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { Identifier } from './identifiers.ts'

export type ErasureState = 'requested' | 'hidden' | 'cleared' | 'rewritten' | 'done'

export interface ErasureRow {
  readonly erasureId: string
  /** All ids she had, oldest first: subjects, one of which was her person's. */
  readonly personIds: readonly PersonId[]
  readonly identifiers: readonly Identifier[]
  readonly pseudonym: SubjectId | null
  readonly state: ErasureState
  readonly requestedAt: Instant
  readonly requestedBy: string
  readonly hiddenAt: Instant | null
  readonly doneAt: Instant | null
  readonly position: Position | null
  readonly bulkUntil: Position | null
  readonly scannedTo: Position
  readonly batchesRewritten: number
  readonly eventsErased: number
}

const columns = sql.raw(`erasure_id as "erasureId", person_ids::text[] as "personIds", identifiers, pseudonym, state,
  requested_at as "requestedAt", requested_by as "requestedBy", hidden_at as "hiddenAt", done_at as "doneAt", position,
  bulk_until as "bulkUntil", scanned_to as "scannedTo", batches_rewritten as "batchesRewritten",
  events_erased as "eventsErased"`)

export const insertErasure = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  asked: Pick<ErasureRow, 'erasureId' | 'personIds' | 'requestedAt' | 'requestedBy' | 'pseudonym'>,
): Promise<void> => {
  await sql`
    insert into erasure (workspace_id, erasure_id, person_ids, pseudonym, state, requested_at, requested_by)
    values (${workspaceId}, ${asked.erasureId}, ${asked.personIds}::uuid[], ${asked.pseudonym}, 'requested',
      ${asked.requestedAt}, ${asked.requestedBy})
    on conflict (workspace_id, erasure_id) do nothing`.execute(tx)
}

/** The newest erasure of whoever had this id; null when there is none. */
export const findErasureOf = async (tx: Tx, workspaceId: WorkspaceId, personId: string): Promise<ErasureRow | null> => {
  const { rows } = await sql<ErasureRow>`
    select ${columns} from erasure where workspace_id = ${workspaceId} and person_ids @> array[${personId}::uuid]
    order by requested_at desc limit 1`.execute(tx)
  return rows[0] ?? null
}

export const findErasure = async (tx: Tx, workspaceId: WorkspaceId, erasureId: string): Promise<ErasureRow | null> => {
  const { rows } = await sql<ErasureRow>`
    select ${columns} from erasure where workspace_id = ${workspaceId} and erasure_id = ${erasureId}`.execute(tx)
  return rows[0] ?? null
}

/** Newest first. */
export const listErasures = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  page: { readonly before: readonly [Instant, string] | null; readonly limit: number },
): Promise<readonly ErasureRow[]> => {
  const [at, id] = page.before ?? [null, null]
  const { rows } = await sql<ErasureRow>`
    select ${columns} from erasure where workspace_id = ${workspaceId}
      and (${at}::bigint is null or (requested_at, erasure_id) < (${at}::bigint, ${id}::uuid))
    order by requested_at desc, erasure_id desc limit ${page.limit}`.execute(tx)
  return rows
}

/** Those that are not done, oldest first. */
export const pendingErasures = async (tx: Tx, workspaceId: WorkspaceId): Promise<readonly ErasureRow[]> => {
  const { rows } = await sql<ErasureRow>`
    select ${columns} from erasure where workspace_id = ${workspaceId} and state <> 'done'
    order by requested_at, erasure_id limit 100`.execute(tx)
  return rows
}

/** One that still waits to be hidden, locked; null when it is hidden already, or none of ours. */
export const lockRequested = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  erasureId: string,
): Promise<ErasureRow | null> => {
  const { rows } = await sql<ErasureRow>`
    select ${columns} from erasure
    where workspace_id = ${workspaceId} and erasure_id = ${erasureId} and state = 'requested' for update`.execute(tx)
  return rows[0] ?? null
}

export const markHidden = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  hidden: {
    readonly erasureId: string
    readonly personIds: readonly string[]
    readonly identifiers: readonly Identifier[]
    readonly hashes: readonly Buffer[]
    readonly position: Position | null
    readonly at: Instant
  },
): Promise<void> => {
  await sql`
    update erasure set state = 'hidden', person_ids = ${hidden.personIds}::uuid[],
      identifiers = ${JSON.stringify(hidden.identifiers)}::jsonb, position = ${hidden.position}, hidden_at = ${hidden.at}
    where workspace_id = ${workspaceId} and erasure_id = ${hidden.erasureId}`.execute(tx)
  await sql`
    insert into tombstone (workspace_id, erasure_id, hash)
    select ${workspaceId}, ${hidden.erasureId}, * from unnest(${hidden.hashes}::bytea[])
    on conflict do nothing`.execute(tx)
}

/** The step after this one, where nothing else moved it on meanwhile. */
export const moveErasures = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  erasureIds: readonly string[],
  move: { readonly from: ErasureState; readonly to: ErasureState },
): Promise<void> => {
  await sql`
    update erasure set state = ${move.to}
    where workspace_id = ${workspaceId} and erasure_id = any(${erasureIds}::uuid[]) and state = ${move.from}`.execute(
    tx,
  )
}

/** Nothing that came before can still arrive in the bulk lane above here. */
export const endBulkWait = async (tx: Tx, workspaceId: WorkspaceId, erasureIds: readonly string[]): Promise<void> => {
  await sql`
    update erasure set bulk_until = baton_position()
    where workspace_id = ${workspaceId} and erasure_id = any(${erasureIds}::uuid[]) and bulk_until is null`.execute(tx)
}

export const noteScanned = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  erasureIds: readonly string[],
  scanned: { readonly to: Position; readonly batches: number; readonly events: number },
): Promise<void> => {
  await sql`
    update erasure set scanned_to = ${scanned.to}, batches_rewritten = batches_rewritten + ${scanned.batches},
      events_erased = events_erased + ${scanned.events}
    where workspace_id = ${workspaceId} and erasure_id = any(${erasureIds}::uuid[])`.execute(tx)
}

/** What the clearing looked for goes, and with it the way from her ids to what is still counted. */
export const finishErasures = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  erasureIds: readonly string[],
  at: Instant | null,
): Promise<void> => {
  await sql`
    update erasure set identifiers = '[]', pseudonym = null, state = ${at === null ? 'rewritten' : 'done'}, done_at = ${at}
    where workspace_id = ${workspaceId} and erasure_id = any(${erasureIds}::uuid[])`.execute(tx)
}

/** Hashes of people whose events of the bulk lane, above `from`, are still from before their erasure, and up to where. */
export const readBulkTombstones = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  from: Position,
): Promise<ReadonlyMap<string, Position>> => {
  const { rows } = await sql<{ hash: Buffer; until: Position }>`
    select t.hash, coalesce(e.bulk_until, 9007199254740991) as until
    from erasure e join tombstone t using (workspace_id, erasure_id)
    where e.workspace_id = ${workspaceId} and e.state <> 'done' and e.hidden_at is not null
      and coalesce(e.bulk_until, 9007199254740991) > ${from}`.execute(tx)
  return new Map(rows.map(({ hash, until }) => [hash.toString('hex'), until]))
}

/** The tombstones of some erasures: what the file beside the secret keeps, too. */
export const readTombstones = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  erasureIds: readonly string[],
): Promise<readonly { erasureId: string; hashes: readonly Buffer[] }[]> => {
  const { rows } = await sql<{ erasureId: string; hashes: Buffer[] }>`
    select erasure_id as "erasureId", array_agg(hash) as hashes from tombstone
    where workspace_id = ${workspaceId} and erasure_id = any(${erasureIds}::uuid[])
    group by erasure_id`.execute(tx)
  return rows
}

/** Whether a lane holds a batch below a position that the people stage has not handled, or something may still commit there. */
export const hasUnhandledBelow = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  handled: { readonly live: Position; readonly bulk: Position },
  below: Position,
): Promise<boolean> => {
  if ((await readSettled(tx)) < below) return true
  const { rows } = await sql`
    select 1 from log_batch
    where workspace_id = ${workspaceId} and position < ${below}
      and position > case lane when 'bulk' then ${handled.bulk}::bigint else ${handled.live}::bigint end
    limit 1`.execute(tx)
  return rows.length > 0
}

export const knownErasures = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  erasureIds: readonly string[],
): Promise<ReadonlySet<string>> => {
  const { rows } = await sql<{ erasureId: string }>`
    select erasure_id as "erasureId" from erasure
    where workspace_id = ${workspaceId} and erasure_id = any(${erasureIds}::uuid[]) and state <> 'requested'`.execute(
    tx,
  )
  return new Set(rows.map(({ erasureId }) => erasureId))
}

/** Identifiers in order of kind and value, after the last one of the page before. */
export const identifiersAfter = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  after: Identifier | null,
  limit: number,
): Promise<readonly (Identifier & { readonly subjectId: SubjectId })[]> => {
  const { rows } = await sql<Identifier & { subjectId: SubjectId }>`
    select kind, value, subject_id as "subjectId" from identifier
    where workspace_id = ${workspaceId}
      and (${after?.kind ?? null}::text is null or (kind, value) > (${after?.kind ?? null}::text, ${after?.value ?? null}::text))
    order by kind, value limit ${limit}`.execute(tx)
  return rows
}

/** The persons whose subjects these are. */
export const personsHolding = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  subjects: readonly string[],
): Promise<readonly PersonId[]> => {
  const { rows } = await sql<{ personId: PersonId }>`
    select distinct person_id as "personId" from subject
    where workspace_id = ${workspaceId} and subject_id = any(${subjects}::uuid[])`.execute(tx)
  return rows.map(({ personId }) => personId)
}

/** A file of tombstones may name workspaces that this database never had. */
export const isWorkspace = async (tx: Tx, workspaceId: WorkspaceId): Promise<boolean> => {
  const { rows } = await sql`select 1 from workspace where workspace_id = ${workspaceId}`.execute(tx)
  return rows.length > 0
}
