import { sql } from 'kysely'
import { readPosition } from '../jobs/index.ts'
import type { Instant, JourneyId, PersonId, Position, RunId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

/** The stage's name, and the name under which it keeps its place among membership changes. */
export const journeysStage = 'journeys'
export const membershipStage = 'journeys.membership'

/**
 * One writer of runs in a workspace at a time: turns of both lanes, and stop. Held to the end of the transaction. It
 * comes first of all locks.
 */
export const lockJourneys = async (tx: Tx, workspaceId: WorkspaceId): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`journeys ${workspaceId}`}, 0))`.execute(tx)
}

/** Runs that have something to do although nothing arrived: due at an instant, asking for membership, or of a stopped journey. */
export const readPending = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  want: { dueUpTo: Instant; ticked: Position; stopped: readonly JourneyId[]; limit: number },
): Promise<{
  due: readonly { runId: RunId; subjectId: SubjectId }[]
  asking: readonly { runId: RunId; subjectId: SubjectId; stepNo: number; askKeys: readonly string[] }[]
  stopped: readonly { runId: RunId; subjectId: SubjectId }[]
}> => {
  const due = await sql<{ runId: RunId; subjectId: SubjectId }>`
    select run_id as "runId", subject_id as "subjectId" from journey_run
    where workspace_id = ${workspaceId} and due_at <= ${want.dueUpTo} order by due_at limit ${want.limit}`.execute(tx)
  const asking = await sql<{ runId: RunId; subjectId: SubjectId; stepNo: number; askKeys: string[] }>`
    select run_id as "runId", subject_id as "subjectId", step_no as "stepNo", ask_keys as "askKeys" from journey_run
    where workspace_id = ${workspaceId} and ask_position <= ${want.ticked} order by ask_position limit ${want.limit}`.execute(
    tx,
  )
  if (want.stopped.length === 0) return { due: due.rows, asking: asking.rows, stopped: [] }
  const stopped = await sql<{ runId: RunId; subjectId: SubjectId }>`
    select run_id as "runId", subject_id as "subjectId" from journey_run
    where workspace_id = ${workspaceId} and journey_id = any(${want.stopped}::uuid[]) and state = 'active'
    limit ${want.limit}`.execute(tx)
  return { due: due.rows, asking: asking.rows, stopped: stopped.rows }
}

/** The earliest instant at which a run has something to do; null when none waits for an instant. */
export const readNextDue = async (tx: Tx, workspaceId: WorkspaceId): Promise<Instant | null> => {
  const { rows } = await sql<{ dueAt: Instant | null }>`
    select min(due_at) as "dueAt" from journey_run where workspace_id = ${workspaceId} and due_at is not null`.execute(
    tx,
  )
  return rows[0]?.dueAt ?? null
}

export const readMembershipPlace = (tx: Tx, workspaceId: WorkspaceId): Promise<Position> =>
  readPosition(tx, workspaceId, membershipStage, 'live')

/** Who of these was ever in a journey with this entry key. */
export const readTaken = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  candidates: readonly { journeyId: JourneyId; entryKey: string; subjectId: SubjectId; personId: PersonId }[],
): Promise<readonly { journeyId: JourneyId; entryKey: string; personId: PersonId }[]> => {
  if (candidates.length === 0) return []
  const { rows } = await sql<{ journeyId: JourneyId; entryKey: string; personId: PersonId }>`
    select c.journey_id as "journeyId", c.entry_key as "entryKey", c.person_id as "personId"
    from unnest(${candidates.map((each) => each.journeyId)}::uuid[], ${candidates.map((each) => each.entryKey)}::text[],
      ${candidates.map((each) => each.subjectId)}::uuid[], ${candidates.map((each) => each.personId)}::uuid[])
      c(journey_id, entry_key, subject_id, person_id)
    where exists (select 1 from journey_run r where r.workspace_id = ${workspaceId} and r.journey_id = c.journey_id
      and r.entry_key = c.entry_key and r.subject_id = c.subject_id)`.execute(tx)
  return rows
}
