import type { Imports } from '../collect/index.ts'
import { checkLease, type Lane, readPosition, type Stage, type Turn, type TurnOutcome } from '../jobs/index.ts'
import { crashPoint, type Milliseconds, minuteMs, must, type Position } from '../kernel/index.ts'
import {
  type ErasureRow,
  type ErasureState,
  endBulkWait,
  finishErasures,
  moveErasures,
  type People,
} from '../people/index.ts'
import type { Segments } from '../segments/index.ts'
import { type ClearDeps, clearPerson } from './clear-person.ts'
import { vacuumAfterErasure } from './vacuum-store.ts'

export const erasuresStageName = 'erasures'

/** How soon to look again whether the others have passed. */
const retryMs = 200
/** An announcement that was not carried out for so long is made again. */
const announceAgainMs = 5_000

export interface ErasuresStageDeps extends ClearDeps {
  readonly people: Pick<People, 'erasures'>
  readonly imports: Pick<Imports, 'clearErased' | 'hasUnfinished'>
  readonly segments: Pick<Segments, 'clearErased' | 'clearErasedMasks'>
  /** The stages that write what they make of her events: she is cleared when each has passed the entry that hid her. */
  readonly followers: readonly string[]
  /** Keeps her tombstones outside of the database, for when an older copy of it is restored. */
  readonly keepTombstones: (workspaceId: Turn['workspaceId'], erasures: readonly ErasureRow[]) => Promise<void>
  /** ClickHouse changes all parts that hold one of hers: one change for all who wait, this often at most. */
  readonly mutateEveryMs?: Milliseconds
}

/**
 * Carries erasures from their request to their end, a step a turn. Each step may be repeated, so a stop anywhere does no
 * harm: `requested`, announced in the log → the people stage hides her → cleared by every room → the log is rewritten →
 * ClickHouse and the files.
 */
export const createErasuresStage = (deps: ErasuresStageDeps): Stage => {
  const announced = new Map<string, number>()
  let mutatedAt = Number.NEGATIVE_INFINITY
  const steps: Record<Exclude<ErasureState, 'done'>, (turn: Turn, of: readonly ErasureRow[]) => Promise<boolean>> = {
    requested: async ({ workspaceId }, of) => {
      for (const erasure of of) {
        const { erasureId } = erasure
        const before = announced.get(erasureId)
        if (before !== undefined && performance.now() - before < announceAgainMs) continue
        await deps.people.erasures.announce(workspaceId, erasure)
        announced.set(erasureId, performance.now())
        crashPoint('privacy.announced')
      }
      return false
    },
    hidden: async (turn, of) => {
      const ready = await passedBy(deps, turn, of)
      if (ready.length === 0) return false
      await deps.keepTombstones(turn.workspaceId, ready)
      crashPoint('privacy.tombstones-kept')
      const cleared: string[] = []
      for (const erasure of ready) if (await clearPerson(deps, turn, erasure)) cleared.push(erasure.erasureId)
      await move(deps, turn, cleared, 'hidden', 'cleared')
      crashPoint('privacy.cleared')
      return cleared.length > 0
    },
    cleared: (turn, of) => rewriteSome(deps, turn, of),
    rewritten: async (turn, of) => {
      if (performance.now() - mutatedAt < (deps.mutateEveryMs ?? minuteMs)) return false
      mutatedAt = performance.now()
      return finish(deps, turn, of)
    },
  }
  return {
    name: erasuresStageName,
    lanes: ['live'],
    // Woken by whoever asks for an erasure; from then on it looks again by itself.
    after: [],
    turn: async (turn): Promise<TurnOutcome> => {
      const { workspaceId } = turn
      const pending = await deps.postgres.inWorkspace(workspaceId, (tx) =>
        deps.people.erasures.pending(tx, workspaceId),
      )
      if (pending.length === 0) return { handled: 0, more: false, dueAt: null }
      let isMoving = false
      for (const state of ['rewritten', 'cleared', 'hidden', 'requested'] as const) {
        const of = pending.filter((erasure) => erasure.state === state)
        if (of.length > 0 && (await steps[state](turn, of))) isMoving = true
      }
      return { handled: isMoving ? 1 : 0, more: isMoving, ...(isMoving ? {} : { retryInMs: retryMs }) }
    },
  }
}

const move = (deps: ErasuresStageDeps, turn: Turn, ids: readonly string[], from: ErasureState, to: ErasureState) =>
  deps.postgres.inWorkspace(turn.workspaceId, async (tx) => {
    await checkLease(tx, turn)
    await moveErasures(tx, turn.workspaceId, ids, { from, to })
  })

/** Those whose entry of the log every follower has left behind: nothing made of her events is still to be written. */
const passedBy = async (deps: ErasuresStageDeps, { workspaceId }: Turn, of: readonly ErasureRow[]) => {
  const lane: Lane = 'live'
  const reached = await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    let least = Number.MAX_SAFE_INTEGER
    for (const stage of deps.followers) least = Math.min(least, await readPosition(tx, workspaceId, stage, lane))
    return least
  })
  return of.filter(({ position }) => position === null || position <= reached)
}

/** A slice of the log for those who wait longest; who came later waits for them. */
const rewriteSome = async (deps: ErasuresStageDeps, turn: Turn, of: readonly ErasureRow[]): Promise<boolean> => {
  const { workspaceId } = turn
  await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    const free: string[] = []
    for (const { erasureId, bulkUntil, requestedAt } of of)
      if (bulkUntil === null && !(await deps.imports.hasUnfinished(tx, workspaceId, requestedAt))) free.push(erasureId)
    await endBulkWait(tx, workspaceId, free)
  })
  const first = of.find(({ bulkUntil }) => bulkUntil !== null)
  if (first === undefined) return false
  const group = of.filter(({ bulkUntil, scannedTo }) => bulkUntil !== null && scannedTo === first.scannedTo)
  const below = Math.max(...group.map(({ bulkUntil }) => must(bulkUntil, 'of the group each has one'))) as Position
  if (!(await deps.people.erasures.hasCaughtUp(workspaceId, below))) return false
  const { isEnd } = await deps.people.erasures.rewriteSlice(turn, group, { after: first.scannedTo, below })
  crashPoint('privacy.slice-rewritten')
  const ids = group.map(({ erasureId }) => erasureId)
  if (isEnd) await move(deps, turn, ids, 'cleared', 'rewritten')
  return true
}

/** The last of it: what late writers may have left, ClickHouse, what was kept for the search itself, and the files. */
const finish = async (deps: ErasuresStageDeps, turn: Turn, of: readonly ErasureRow[]): Promise<boolean> => {
  const { workspaceId } = turn
  const personIds = of.flatMap((erasure) => erasure.personIds)
  for (const erasure of of) if (!(await clearPerson(deps, turn, erasure))) return false
  await deps.people.erasures.clearClickHouse(workspaceId, of)
  await deps.segments.clearErasedMasks(workspaceId, personIds)
  crashPoint('privacy.clickhouse-cleared')
  if ((await deps.people.erasures.countInClickHouse(workspaceId, personIds)) > 0) return false
  const ids = of.map(({ erasureId }) => erasureId)
  await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    await checkLease(tx, turn)
    await finishErasures(tx, workspaceId, ids, null)
  })
  await vacuumAfterErasure(deps.postgres)
  crashPoint('privacy.vacuumed')
  await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    await checkLease(tx, turn)
    await finishErasures(tx, workspaceId, ids, turn.now)
  })
  return true
}
