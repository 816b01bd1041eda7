import {
  type Evidence,
  firstUnread,
  keepSample,
  type LaneStanding,
  nudgeStage,
  type Reading,
  readFollowing,
  readLaneStandings,
  readLogEdge,
  readSettled,
  type Turn,
  watermark,
} from '../jobs/index.ts'
import {
  type Instant,
  type MessageId,
  type Milliseconds,
  must,
  type Position,
  type WorkspaceId,
} from '../kernel/index.ts'
import { policyStage } from '../policy/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import type { DueRow } from './ledger-store.ts'

/** How far policy has come in hearing what people state by events. */
export interface Heard {
  /** Of what was due when it was asked for, this may be decided: all that was acknowledged before has been heard. */
  covers(row: DueRow): boolean
  /** How soon to ask again for the rest; null: there is none. */
  readonly retryInMs: Milliseconds | null
}

/** Looks again after about as long as it has waited, so that a short wait stays short and a long one costs little. */
const soonestMs = 5
const latestMs = 100
/** Who moves people's position wakes policy. Where that was forgotten or lost, whoever waits does, and again. */
const nudgeEveryMs = 1_000

interface Watch {
  /** Fresh messages that wait, with the position that policy must have reached. */
  readonly targets: ReadonlyMap<MessageId, Position>
  readonly samples: readonly Evidence[]
  /** Both by the process's own clock; null: nothing waits. */
  readonly waitingSince: Milliseconds | null
  readonly nudgedAt: Milliseconds | null
}

const nothing: Watch = { targets: new Map(), samples: [], waitingSince: null, nudgedAt: null }

/** Planned, and not due again since. */
const isFresh = ({ state, dueAt, plannedAt }: DueRow): boolean => state === 'planned' && dueAt === plannedAt

/**
 * A message may be decided when policy has heard every event that was acknowledged before the message was due: before the
 * event that triggers it, or the instant of a timer or of a hold's end.
 * - A *fresh* one was planned by a stage that follows people, and had all that was to be heard before it behind it: it lies
 *   at or below where people stand when the message is first seen. There policy must come.
 * - One that is due *again* (a hold's end) is so by time alone. For those the log's edge is taken after they were read, which
 *   lies above all that was acknowledged by then; once policy has passed it, they may be decided. Where it never quite
 *   does, because more keeps coming, an older sample tells of what was due strictly before it was taken.
 *
 * Of the live lane only, as for journeys' timers: nobody's mail waits for an import of millions.
 */
export const createHearing = ({ postgres }: { readonly postgres: Postgres }) => {
  // Lost with the process; the next one begins anew.
  const watches = new Map<WorkspaceId, Watch>()
  return {
    /** For messages that were *read before*. */
    ask: async (turn: Turn, due: readonly DueRow[]): Promise<Heard> => {
      const { workspaceId } = turn
      const before = watches.get(workspaceId) ?? nothing
      const { applied, handled } = await postgres.inWorkspace(workspaceId, (tx) => readLive(tx, workspaceId))
      const targets = new Map<MessageId, Position>()
      for (const row of due.filter(isFresh)) {
        const target = before.targets.get(row.messageId) ?? handled
        if (applied < target) targets.set(row.messageId, target)
      }
      const again = due.every(isFresh) ? null : await askByTime(postgres, turn, before.samples)
      const covers = (row: DueRow): boolean =>
        isFresh(row) ? !targets.has(row.messageId) : again?.covers(row.dueAt) === true
      const samples = again?.samples ?? before.samples
      if (due.every(covers)) {
        watches.set(workspaceId, { ...nothing, targets, samples })
        return { covers, retryInMs: null }
      }
      const now = performance.now()
      const waitingSince = before.waitingSince ?? now
      const isNudging = now - (before.nudgedAt ?? waitingSince) >= nudgeEveryMs
      watches.set(workspaceId, { targets, samples, waitingSince, nudgedAt: isNudging ? now : before.nudgedAt })
      if (isNudging) await nudgeStage(postgres, workspaceId, policyStage)
      return { covers, retryInMs: Math.min(Math.max(Math.round(now - waitingSince), soonestMs), latestMs) }
    },
    /** Nothing is due: what is known need not be kept. */
    forget: (workspaceId: WorkspaceId): void => {
      watches.delete(workspaceId)
    },
  }
}

/** What was due by time alone, strictly before which instant, may be decided. */
const askByTime = async (
  postgres: Postgres,
  { workspaceId, now }: Turn,
  known: readonly Evidence[],
): Promise<{ covers(dueAt: Instant): boolean; readonly samples: readonly Evidence[] }> => {
  const { begun } = await postgres.inGlobal(readLogEdge)
  // After that transaction ended, which itself held its number back from being settled.
  const reading = await postgres.inWorkspace(workspaceId, (tx) => readByPolicy(tx, workspaceId))
  const samples = keepSample(known, { at: now, from: begun })
  if (begun <= firstUnread(reading)) return { covers: () => true, samples }
  const heardUntil = watermark(reading, samples, now)
  return { covers: (dueAt) => heardUntil !== null && dueAt < heardUntil, samples }
}

const readLive = async (tx: Tx, workspaceId: WorkspaceId): Promise<LaneStanding> =>
  must(
    (await readLaneStandings(tx, workspaceId, policyStage)).find(({ lane }) => lane === 'live'),
    'every lane stands somewhere',
  )

const readByPolicy = async (tx: Tx, workspaceId: WorkspaceId): Promise<Reading> => {
  const settled = await readSettled(tx)
  const { applied, handled, unhandled } = await readLive(tx, workspaceId)
  if (applied >= handled) return { settled, unhandled: [unhandled], cutOffAfter: null }
  const following = await readFollowing(tx, workspaceId, 'live', applied)
  return { settled, unhandled: [following], cutOffAfter: following === null ? applied : null }
}
