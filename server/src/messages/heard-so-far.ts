import {
  type Evidence,
  firstUnread,
  keepSample,
  type Reading,
  readFollowing,
  readLaneStandings,
  readLogEdge,
  readSettled,
  type Turn,
  watermark,
} from '../jobs/index.ts'
import { type Clock, type Instant, type Milliseconds, must, type WorkspaceId } from '../kernel/index.ts'
import { policyStage } from '../policy/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'

/** How far policy has come in hearing what people state by events. */
export interface Heard {
  /** Of what was due when it was asked for, this may be decided: all that was acknowledged before has been heard. */
  covers(dueAt: Instant): boolean
  /** How soon to ask again for the rest; null: there is none. */
  readonly retryInMs: Milliseconds | null
}

/** Looks again after about as long as policy is behind, so that a short wait stays short and a long one costs little. */
const soonestMs = 5
const latestMs = 100

interface Watch {
  readonly samples: readonly Evidence[]
  /** Machine time; null: it need not wait. */
  readonly waitingSince: Instant | null
}

/**
 * A message may be decided when policy has heard every event that was acknowledged before the message was due: before the
 * event that triggers it, or the instant of a timer or of a hold's end. Where journeys stand does not tell that: a hold ends
 * without them. So `ask` is for messages *read before*: then the log's edge is taken, which lies above all that was
 * acknowledged by then, and after it the place of policy; once policy has passed that edge, all of them may be decided. Where
 * it never quite does, because more keeps coming, an older sample tells of what was due strictly before it was taken.
 *
 * Of the live lane only, as for journeys' timers: nobody's mail waits for an import of millions.
 */
export const createHearing = ({ postgres, clock }: { readonly postgres: Postgres; readonly clock: Clock }) => {
  // Lost with the process; the next one takes new samples.
  const watches = new Map<WorkspaceId, Watch>()
  return {
    ask: async ({ workspaceId, now }: Turn): Promise<Heard> => {
      const { begun } = await postgres.inGlobal(readLogEdge)
      // After that transaction ended, which itself held its number back from being settled.
      const reading = await postgres.inWorkspace(workspaceId, (tx) => readByPolicy(tx, workspaceId))
      const before = watches.get(workspaceId)
      const samples = keepSample(before?.samples ?? [], { at: now, from: begun })
      if (begun <= firstUnread(reading)) {
        watches.set(workspaceId, { samples, waitingSince: null })
        return { covers: () => true, retryInMs: null }
      }
      const machineNow = clock.now()
      const waitingSince = before?.waitingSince ?? machineNow
      watches.set(workspaceId, { samples, waitingSince })
      const heardUntil = watermark(reading, samples, now)
      const waited = machineNow - waitingSince
      const behind = heardUntil === null ? waited : Math.min(waited, now - heardUntil)
      return {
        covers: (dueAt) => heardUntil !== null && dueAt < heardUntil,
        retryInMs: Math.min(Math.max(behind, soonestMs), latestMs),
      }
    },
    /** Nothing is due: what is known need not be kept. */
    forget: (workspaceId: WorkspaceId): void => {
      watches.delete(workspaceId)
    },
  }
}

const readByPolicy = async (tx: Tx, workspaceId: WorkspaceId): Promise<Reading> => {
  const settled = await readSettled(tx)
  const standings = await readLaneStandings(tx, workspaceId, policyStage)
  const { applied, handled, unhandled } = must(
    standings.find(({ lane }) => lane === 'live'),
    'every lane stands somewhere',
  )
  if (applied >= handled) return { settled, unhandled: [unhandled], cutOffAfter: null }
  const following = await readFollowing(tx, workspaceId, 'live', applied)
  return { settled, unhandled: [following], cutOffAfter: following === null ? applied : null }
}
