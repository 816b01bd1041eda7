import { type Lane, type LaneStanding, readLaneStandings, readLogEdge, type Turn } from '../jobs/index.ts'
import { brandAs, type Position } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { type ListedVersion, listVersions } from './journey-store.ts'
import type { JourneyPorts } from './ports.ts'
import { journeysStage } from './turn-store.ts'
import type { VersionCache } from './version-cache.ts'

/** Bounds of one turn, so that its transaction lasts well under a second. */
export const limits = { eventsRead: 8_000, eventsApplied: 1_000, runs: 500, changes: 1_000 } as const
type StagePorts = Pick<JourneyPorts, 'people' | 'membership' | 'messages'>

export interface JourneysStageDeps extends StagePorts {
  readonly postgres: Postgres
  readonly versions: VersionCache
}

/** What a turn sees before it decides anything. */
export interface Look {
  readonly begun: Position
  readonly settled: Position
  readonly standings: readonly LaneStanding[]
  readonly own: LaneStanding
  readonly versions: readonly ListedVersion[]
  /** Of what was published; another one when the turn writes: it looks again. */
  readonly revision: number
  readonly ticked: Position
}

const nothingBegun = { begun: brandAs<Position>(0), settled: brandAs<Position>(0) }

/** Each statement sees later than the one before: first the edge of the log, then who handled what, then what they left. */
export const lookAround = async (deps: JourneysStageDeps, turn: Turn): Promise<Look> => {
  const { workspaceId, lane } = turn
  const { versions, revision } = await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    const listed = await listVersions(tx, workspaceId)
    await deps.versions.load(tx, workspaceId, listed.versions)
    return listed
  })
  const isAtWork = versions.length > 0
  const ticked = isAtWork ? await deps.membership.tickedPosition(workspaceId, 'live') : nothingBegun.begun
  const edge = isAtWork ? await deps.postgres.inGlobal(readLogEdge) : nothingBegun
  const standings = await deps.postgres.inWorkspace(workspaceId, (tx) =>
    readLaneStandings(tx, workspaceId, journeysStage),
  )
  return { ...edge, versions, revision, ticked, standings, own: standingOf(standings, lane) }
}

/** A lane's standing; at the start where it never had a turn. */
export const standingOf = (standings: readonly LaneStanding[], lane: Lane): LaneStanding =>
  standings.find((each) => each.lane === lane) ?? {
    lane,
    applied: 0 as Position,
    handled: 0 as Position,
    unhandled: null,
  }

/** May new people enter by this version? */
export const isOpen = (listed: ListedVersion) => listed.isCurrent && listed.status === 'live'
