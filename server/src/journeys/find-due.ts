import { type Evidence, type Lane, type LaneStanding, type Turn, watermark } from '../jobs/index.ts'
import type { Position } from '../kernel/index.ts'
import type { PeopleBatch, PersonEvent } from '../people/index.ts'
import type { Tx } from '../stores/index.ts'
import { type DueBatches, dueBatches } from './due-batches.ts'
import type { ListedVersion } from './journey-store.ts'
import { isOpen, type JourneysStageDeps, type Look, limits, standingOf } from './look-around.ts'
import type { MembershipChanged } from './ports.ts'
import { readMembershipPlace, readPending } from './turn-store.ts'
import { evidenceOfBatch } from './watermark.ts'

/** What of all this is due now. */
export interface Due extends DueBatches {
  readonly pending: Awaited<ReturnType<typeof readPending>>
  readonly changes: {
    readonly from: Position
    readonly to: Position
    readonly read: readonly MembershipChanged[]
  } | null
}

/** The events, timers, answers and membership changes that may be applied now. */
export const findDue = async (
  deps: JourneysStageDeps,
  turn: Turn,
  look: Look,
  samples: readonly Evidence[],
): Promise<Due> => {
  const { workspaceId, lane } = turn
  const cut = await readDueBatches(deps, turn, look, samples)
  if (lane !== 'live' || look.versions.length === 0)
    return { ...cut, pending: { due: [], asking: [], stopped: [] }, changes: null }
  const stopped = look.versions.filter((each) => each.status === 'stopped' && each.active > 0)
  return deps.postgres.inWorkspace(workspaceId, async (tx) => ({
    ...cut,
    pending: await readPending(tx, workspaceId, {
      dueUpTo: cut.until ?? Number.MIN_SAFE_INTEGER,
      ticked: look.ticked,
      stopped: stopped.map((each) => each.journeyId),
      limit: limits.runs,
    }),
    changes: await readChanges(deps, tx, turn, look),
  }))
}

/**
 * Reads on until something may be applied or all is read: after an outage the first page may hold less than the second
 * of traffic by which times of receipt can cross.
 */
const readDueBatches = async (
  deps: JourneysStageDeps,
  turn: Turn,
  look: Look,
  samples: readonly Evidence[],
): Promise<DueBatches> => {
  const { workspaceId, lane, now } = turn
  const heard = namesListenedFor(deps, look.versions)
  const listensFor = (event: PersonEvent) => !event.historic && heard.has(event.name)
  const live = standingOf(look.standings, 'live')
  const batches: PeopleBatch[] = []
  for (;;) {
    const from = batches.at(-1)?.position ?? look.own.applied
    const page = look.own.handled > from ? await deps.people.feed.after(workspaceId, lane, from, limits.eventsRead) : []
    batches.push(...page)
    const reached = batches.at(-1)?.position ?? look.own.applied
    const readAll = page.length === 0 || reached >= look.own.handled
    const reading = {
      settled: look.settled,
      unhandled: lane === 'live' ? [live.unhandled] : look.standings.map((each) => each.unhandled),
      cutOffAfter: cutOffAfter(lane, live, readAll ? null : reached),
    }
    const mark = watermark(reading, [...samples, ...batches.map(evidenceOfBatch)], now)
    const cut = dueBatches(batches, listensFor, mark, limits.eventsApplied)
    if (readAll) return cut
    if (cut.to !== null) return { ...cut, more: cut.more || cut.to === reached }
  }
}

/** In a bulk turn, live events that were handled but not yet applied hold the watermark back as well. */
const cutOffAfter = (lane: Lane, live: LaneStanding, own: Position | null): Position | null => {
  const others = lane === 'bulk' && live.applied < live.handled ? live.applied : null
  if (own === null || others === null) return own ?? others
  return own < others ? own : others
}

const namesListenedFor = (deps: JourneysStageDeps, versions: readonly ListedVersion[]): ReadonlySet<string> => {
  const names = new Set<string>()
  for (const listed of versions) {
    const { entryEvent, listenedEvents } = deps.versions.get(listed)
    if (entryEvent !== null && isOpen(listed)) names.add(entryEvent)
    for (const name of listenedEvents) names.add(name)
  }
  return names
}

/** What happened before any of the open journeys opened concerns none of them, and is passed over unread. */
const readChanges = async (deps: JourneysStageDeps, tx: Tx, turn: Turn, look: Look): Promise<Due['changes']> => {
  const enteredBySegment = look.versions.filter(
    (each) => isOpen(each) && deps.versions.get(each).definition.entry.kind === 'segment',
  )
  if (enteredBySegment.length === 0) return null
  const from = await readMembershipPlace(tx, turn.workspaceId)
  const firstOpened = Math.min(...enteredBySegment.map((each) => each.openedAfter))
  const read = await deps.membership.changesAfter(turn.workspaceId, Math.max(from, firstOpened), limits.changes)
  return { from, to: (read.at(-1)?.seq ?? from) as Position, read }
}
