import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { dedupGeneration, readLogAfter, type StoredBatch } from '../collect/index.ts'
import {
  busyFrom,
  type Pace,
  readPosition,
  restAfter,
  type Stage,
  type Turn,
  type TurnOutcome,
  tryOut,
} from '../jobs/index.ts'
import { crashPoint, must, type WorkspaceId } from '../kernel/index.ts'
import { isDataError, type Postgres, type Tx } from '../stores/index.ts'
import type { BatchMemory } from './feed.ts'
import type { ReadBatch } from './fold-batch.ts'
import { type HandledBatches, handleBatches, peopleStageName, type Work } from './handle-batches.ts'
import { isErasure } from './hide-person.ts'
import type { IdentityCache } from './identity-cache.ts'
import { readStored } from './read-stored.ts'
import { setPoisonAside } from './set-poison-aside.ts'
import type { TombstoneHash } from './tombstones.ts'

const eventsPerTurn = { live: 6_000, bulk: 2_000 } as const
/** A turn costs a dozen statements however few events it takes. */
const pace: Pace = { leastCycleMs: 50, mostRestMs: 50 }
/** How soon to look again when the next batch's neighbours are still committing. */
const unsettledRetryMs = 5
/** A turn's transaction. */
const mostMs = 10_000

export interface PeopleStageDeps {
  readonly postgres: Postgres
  readonly memory: BatchMemory
  readonly identities: IdentityCache
  readonly currencyOf: (workspaceId: WorkspaceId) => Promise<string>
  readonly hashOf: TombstoneHash
  /** One turn of a workspace at a time, whatever the lane. */
  readonly exclusively: <T>(workspaceId: WorkspaceId, work: () => Promise<T>) => Promise<T>
}

/**
 * Makes events into people: each message once, each event with its subject, identities joined, traits and orders
 * folded. Everything is read and decided first and written at the end, so that the transaction holds its number for a
 * few milliseconds only.
 */
export const createPeopleStage = (deps: PeopleStageDeps): Stage => ({
  name: peopleStageName,
  lanes: ['live', 'bulk'],
  after: ['log'],
  turn: async (turn) => {
    const { outcome, tookMs } = await deps.exclusively(turn.workspaceId, async () => {
      const began = performance.now()
      return { outcome: await takeTurn(deps, turn), tookMs: performance.now() - began }
    })
    if (outcome.more || outcome.handled < busyFrom) return outcome
    return { ...outcome, restMs: Math.round(restAfter({ handled: outcome.handled, tookMs }, pace)) }
  },
})

const takeTurn = async (deps: PeopleStageDeps, turn: Turn): Promise<TurnOutcome> => {
  const { workspaceId, lane } = turn
  const from = await deps.postgres.askGlobal((db) => readPosition(db, workspaceId, peopleStageName, lane))
  const read = await readLogAfter(deps.postgres, workspaceId, lane, from, eventsPerTurn[lane])
  const ofTurn = batchesOfOneWeek(read.batches)
  const batches: ReadBatch[] = []
  for (const batch of ofTurn) {
    const { position, storedOn, receivedAt } = batch
    const read = readStored(batch)
    const { events, unreadable } =
      read.kind === 'read' ? { events: read.events, unreadable: null } : { events: [], unreadable: read.reason }
    batches.push({ position, storedOn, receivedAt, events, unreadable })
    // Who is erased by an entry of this batch is somebody new in the next.
    if (events.some(isErasure)) break
    await yieldToOthers()
  }
  const last = batches.at(-1)
  if (!last) return { handled: 0, more: false, ...(read.unsettled ? { retryInMs: unsettledRetryMs } : {}) }
  const currency = await deps.currencyOf(workspaceId)
  const attempt = (of: readonly ReadBatch[], keep: boolean) =>
    handleOnce(deps, turn, { batches: of, from, to: last.position, currency, hashOf: deps.hashOf }, keep)
  const done = await attempt(batches, true).catch(async (error: unknown) => {
    if (!isDataError(error)) throw error
    return attempt(await setPoisonAside(batches, error, (of) => attempt(of, false)), true)
  })
  crashPoint('people.committed')
  if (done.erased === 0) deps.memory.keep(workspaceId, lane, from, done.batches)
  else deps.memory.forget(workspaceId)
  // Those after this one move past what holds no event, too: some wait until others have come as far as people.
  const handled = Math.max(
    batches.reduce((sum, batch) => sum + batch.events.length, 0),
    1,
  )
  const more = read.more || batches.length < read.batches.length
  return { handled, more, ...(read.unsettled ? { retryInMs: unsettledRetryMs } : {}) }
}

/** A turn's message ids are kept with one week's: after a long stop what was received in the next one is left to the next turn. */
const batchesOfOneWeek = (batches: readonly StoredBatch[]): readonly StoredBatch[] => {
  const weekOf = ({ storedOn }: StoredBatch) => dedupGeneration(storedOn)
  const end = batches.findIndex((batch) => weekOf(batch) !== weekOf(must(batches[0], 'it has at least this one')))
  return end < 0 ? batches : batches.slice(0, end)
}

/** Handles batches in one transaction; a trial (`keep` false) is taken back after everything was written. */
const handleOnce = async (
  deps: PeopleStageDeps,
  turn: Turn,
  work: Omit<Work, 'remembered'>,
  keep: boolean,
): Promise<Pick<HandledBatches, 'batches' | 'erased'>> => {
  const { postgres } = deps
  const { workspaceId } = turn
  const remembered = deps.identities.of(workspaceId, turn.lease.token)
  const handle = (tx: Tx) => handleBatches(tx, turn, { ...work, remembered })
  try {
    if (!keep) {
      await tryOut(postgres, workspaceId, handle, { maxMs: mostMs })
      return { batches: [], erased: 0 }
    }
    const { batches, erased, remember } = await postgres.inWorkspace(workspaceId, handle, { maxMs: mostMs })
    remember()
    if (erased > 0) deps.identities.forget(workspaceId)
    return { batches, erased }
  } catch (error) {
    // Whether a commit that was cut off was kept, nobody knows.
    if (!isDataError(error)) deps.identities.forget(workspaceId)
    throw error
  }
}
