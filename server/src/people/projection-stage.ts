import {
  busyFrom,
  checkLease,
  commitPosition,
  LeaseLostError,
  type Pace,
  type Poison,
  quarantineItems,
  readPosition,
  restAfter,
  type Stage,
  type Turn,
  type TurnOutcome,
} from '../jobs/index.ts'
import { crashPoint, must, newId, type PersonId, type WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, Postgres } from '../stores/index.ts'
import { insertTaken } from './insert-taken.ts'
import { loadOrders } from './order-store.ts'
import type { PeopleBatch, PeopleFeed, PersonEvent } from './person-event.ts'
import { loadPersonFacts } from './person-facts-store.ts'
import { batchesWith, eventLines, orderLines, personLines, subjectPersonLines } from './projection-rows.ts'
import { countBatch, deleteBatch, insertLines } from './projection-sql.ts'
import {
  findUncommitted,
  markCommitted,
  readVersion,
  type SealedBatch,
  sealBatch,
  subjectMapOf,
} from './projection-store.ts'
import { markWhole } from './whole-parts-sql.ts'

export const projectionStageName = 'projection'
const eventsPerTurn = { live: 10_000, bulk: 10_000 } as const

/** Each insert costs ClickHouse a part, its merges and their syncs, however small: fewer and bigger parts are better. */
const pace: Pace = { leastCycleMs: 150, mostRestMs: 150 }
/** A turn as full as this left something behind: there is no bigger part to be had by waiting. */
const fullFrom = 0.9

export interface ProjectionStageDeps {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly feed: PeopleFeed
  /** One turn of a workspace at a time, whatever the lane: batch numbers follow each other. */
  readonly exclusively: <T>(workspaceId: WorkspaceId, work: () => Promise<T>) => Promise<T>
}

/**
 * Copies what people did into ClickHouse, exactly once. A batch is sealed (number and exact stretch of the log) in
 * PostgreSQL, inserted with that number in every row and as deduplication token, then committed. What was sealed and
 * not committed is written again with the same token and then counted: if the token was forgotten (a power cut) and rows
 * stand twice, or not at all, the batch is deleted and written anew.
 */
export const createProjectionStage = (deps: ProjectionStageDeps): Stage => ({
  name: projectionStageName,
  lanes: ['live', 'bulk'],
  after: ['people'],
  turn: async (turn) => {
    const began = performance.now()
    const outcome = await deps.exclusively(turn.workspaceId, () => takeTurn(deps, turn))
    if (outcome.handled < busyFrom || outcome.handled >= eventsPerTurn[turn.lane] * fullFrom) return outcome
    const tookMs = performance.now() - began
    return { ...outcome, restMs: Math.round(restAfter({ handled: outcome.handled, tookMs }, pace)) }
  },
})

const takeTurn = async (deps: ProjectionStageDeps, turn: Turn): Promise<TurnOutcome> => {
  const { workspaceId, lane } = turn
  const left = await findUncommitted(deps.postgres, workspaceId)
  for (const sealed of left) await finishLeftBatch(deps, turn, sealed)
  const from = await deps.postgres.askGlobal((db) => readPosition(db, workspaceId, projectionStageName, lane))
  const batches = await deps.feed.after(workspaceId, lane, from, eventsPerTurn[lane])
  const last = batches.at(-1)
  if (!last) return { handled: left.length, more: false }
  const sealed = await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    await checkLease(tx, turn)
    const extent = { stage: projectionStageName, lane, from, to: last.position, at: turn.now }
    const mine = await sealBatch(tx, workspaceId, extent)
    if (mine === null) throw new LeaseLostError(turn)
    return mine
  })
  crashPoint('projection.sealed')
  const written = await writeBatch(deps, workspaceId, sealed, batches, tokenOf(workspaceId, sealed))
  crashPoint('projection.inserted')
  await commitBatch(deps, turn, sealed, written)
  crashPoint('projection.committed')
  return { handled: Math.max(written.count, 1), more: true }
}

/** What ClickHouse refused, whatever was tried: the batch goes on without. */
type Refused = Parameters<typeof quarantineItems>[3][number]

interface Written {
  /** Events that stand in ClickHouse now. */
  readonly count: number
  readonly refused: readonly Refused[]
}

const tokenOf = (workspaceId: WorkspaceId, sealed: SealedBatch, attempt = 0) =>
  `${workspaceId}:${sealed.number}:${attempt}`

const commitBatch = (deps: ProjectionStageDeps, turn: Turn, sealed: SealedBatch, written: Written) =>
  deps.postgres.inWorkspace(turn.workspaceId, async (tx) => {
    await markCommitted(tx, turn.workspaceId, sealed.number)
    const { from, to } = sealed
    const handled = written.count
    await quarantineItems(tx, turn, { stage: projectionStageName, position: to }, written.refused)
    await commitPosition(tx, turn, { stage: projectionStageName, from, to, handled, at: turn.now })
  })

const writeBatch = async (
  deps: ProjectionStageDeps,
  workspaceId: WorkspaceId,
  sealed: SealedBatch,
  batches: readonly PeopleBatch[],
  token: string,
): Promise<Written> => {
  const [events, persons, orders] = await Promise.all([
    writeEvents(deps, workspaceId, sealed, batches, token),
    writePersons(deps, workspaceId, [...new Set(batches.flatMap((batch) => batch.reshapedPersons))]),
    writeOrders(deps, workspaceId, [...new Set(batches.flatMap((batch) => batch.orderIds))]),
    // What begins with the first batch is whole; what a later one finds empty was lost.
    sealed.number === 1 ? markWhole(deps.clickhouse, [workspaceId], 'people', 'project') : null,
  ])
  return { count: events.count, refused: [...events.refused, ...persons, ...orders] }
}

const writeEvents = async (
  deps: ProjectionStageDeps,
  workspaceId: WorkspaceId,
  sealed: SealedBatch,
  batches: readonly PeopleBatch[],
  token: string,
): Promise<Written> => {
  const events = batches.flatMap((batch) => batch.events)
  const poison = await insertTaken(
    events,
    (some, isTrial) => {
      const lines = eventLines(workspaceId, some === events ? batches : batchesWith(batches, some), sealed.number)
      return insertLines(deps.clickhouse, 'event', lines, isTrial ? newId<string>() : token)
    },
    () => deleteBatch(deps.clickhouse, workspaceId, sealed.number),
  )
  return { count: events.length - poison.length, refused: poison.map(refusedEvent) }
}

const refusedEvent = ({ item, reason }: Poison<PersonEvent>): Refused => ({
  kind: 'event',
  item: item.messageId,
  reason,
})

/** Persons as they are now, whatever the batch: the highest version wins, so this may be repeated at will. */
const writePersons = async (
  deps: { postgres: Postgres; clickhouse: ClickHouse },
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
): Promise<readonly Refused[]> => {
  if (persons.length === 0) return []
  const { facts, map, version } = await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    // The version is read first: what is seen afterwards is at least as new as it says.
    const seenAt = await readVersion(tx)
    const subjects = await subjectMapOf(tx, workspaceId, persons)
    const found = await loadPersonFacts(tx, workspaceId, persons)
    return { facts: found, map: subjects, version: seenAt }
  })
  await insertLines(deps.clickhouse, 'subject_person', subjectPersonLines(workspaceId, map, version))
  const poison = await insertTaken(persons, (some) =>
    insertLines(deps.clickhouse, 'person', personLines(workspaceId, some, facts, version)),
  )
  return poison.map(({ item, reason }) => ({ kind: 'person', item, reason }))
}

const writeOrders = async (
  deps: ProjectionStageDeps,
  workspaceId: WorkspaceId,
  orderIds: readonly string[],
): Promise<readonly Refused[]> => {
  if (orderIds.length === 0) return []
  const { rows, version } = await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    const seenAt = await readVersion(tx)
    return { rows: await loadOrders(tx, workspaceId, orderIds), version: seenAt }
  })
  const poison = await insertTaken([...rows.values()], (some) =>
    insertLines(deps.clickhouse, 'customer_order', orderLines(workspaceId, some, version)),
  )
  return poison.map(({ item, reason }) => ({ kind: 'order', item: item.orderId, reason }))
}

/** Brings a batch that a stop left between sealing and committing to its end. */
/**
 * Of either lane: what is read carries one number for both, so a batch that is not committed hides every later one, and a
 * later one must not be committed before it.
 */
const finishLeftBatch = async (deps: ProjectionStageDeps, turn: Turn, sealed: SealedBatch): Promise<void> => {
  const { workspaceId } = turn
  const batches = await readExactly(deps.feed, workspaceId, sealed)
  let written = await writeBatch(deps, workspaceId, sealed, batches, tokenOf(workspaceId, sealed))
  let attempt = 0
  while ((await countBatch(deps.clickhouse, workspaceId, sealed.number)) !== written.count) {
    attempt += 1
    await deleteBatch(deps.clickhouse, workspaceId, sealed.number)
    written = await writeBatch(deps, workspaceId, sealed, batches, tokenOf(workspaceId, sealed, attempt))
  }
  await commitBatch(deps, { ...turn, lane: sealed.lane }, sealed, written)
}

/** The people batches of a sealed stretch, all of them. */
const readExactly = async (
  feed: PeopleFeed,
  workspaceId: WorkspaceId,
  sealed: SealedBatch,
): Promise<readonly PeopleBatch[]> => {
  const found: PeopleBatch[] = []
  let at = sealed.from
  while (at < sealed.to) {
    const next = await feed.after(workspaceId, sealed.lane, at, 10_000)
    const within = next.filter((batch) => batch.position <= sealed.to)
    found.push(...within)
    at = must(within.at(-1), 'a sealed stretch ends at a batch of the log').position
  }
  return found
}
