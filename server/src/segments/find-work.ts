import type { Turn } from '../jobs/index.ts'
import { hourMs, type Instant, type PersonId, type Position, type WorkspaceId } from '../kernel/index.ts'
import type { PeopleBatch, Projected } from '../people/index.ts'
import { eventNamesOf } from './asked-paths.ts'
import { type Due, findDue, findNextDue, findSliceEnd } from './mask-sql.ts'
import type { Slice } from './query-scope.ts'
import { beginRecount } from './recount.ts'
import { leavesOf } from './rule-tree.ts'
import type { RuleVersion } from './rule-versions.ts'
import type { SegmentsStageDeps } from './tick-deps.ts'
import type { TickState } from './tick-store.ts'
import { tickTime, timeBefore } from './tick-time.ts'

/** Under load a bigger tick costs less an event: half of its work is the same however many people it is about. */
export const mostEvents = 40_000
const mostDue = 20_000
/**
 * People of a recount's slice: in a turn of its own few enough that a fact which comes meanwhile does not wait long; beside
 * ticks many, for nobody waits for it and each slice has its cost.
 */
const sliceSizes = { alone: 25_000, beside: 100_000 } as const

/** What one tick is about. */
export interface Work {
  readonly now: Instant
  readonly batches: readonly PeopleBatch[]
  readonly live: Position
  readonly bulk: Position
  readonly persons: ReadonlySet<PersonId>
  /** Those of them for whom something that a consumer keeps has ended. */
  readonly ended: readonly PersonId[]
  /** Whom a recount comes to next. */
  readonly slice: Slice | null
  /** As it stands before that slice. */
  readonly recount: TickState['recount']
  readonly dueThrough: Instant
  /** When time alone may change a mask after `now`, as of before this tick; undefined where nobody asked. */
  readonly nextDue: Instant | null | undefined
  readonly more: boolean
  /** New facts were left for the next tick: nothing is gained by waiting for more. */
  readonly isFull: boolean
}

/** How things stand when a turn begins. */
export interface Standing {
  readonly state: TickState
  readonly rules: readonly RuleVersion[]
  readonly projected: Projected
  /** When time alone may change a mask next, as far as it is remembered. */
  readonly nextDue: Instant | null | undefined
  /** The slice of a recount that is being looked at already. */
  readonly begunSlice: Slice | null
  /** New facts came lately. */
  readonly isBusy: boolean
}

/** Looks for what happened, for whom a window closed, and whom a recount comes to next; null when there is nothing. */
export const findWork = async (deps: SegmentsStageDeps, turn: Turn, standing: Standing): Promise<Work | null> => {
  const { workspaceId } = turn
  const { state, rules, projected, nextDue } = standing
  const live = await readLane(deps, workspaceId, 'live', state.live, projected.live, mostEvents)
  const until = timeBefore(live.batches, turn.now)
  const step = rules.length > 0 ? await findCatchUp(deps, workspaceId, standing, until) : null
  if (step !== null) return catchUp(deps, workspaceId, state, step)
  // Bulk yields: it gets what live leaves over.
  const left = mostEvents - eventsIn(live.batches)
  const bulk =
    left <= 0
      ? { batches: [], to: state.bulk, more: projected.bulk > state.bulk }
      : await readLane(deps, workspaceId, 'bulk', state.bulk, projected.bulk, left)
  const batches = [...live.batches, ...bulk.batches]
  const now = tickTime(batches, turn.now, state.now)
  const isDue =
    rules.length > 0 && now > state.dueThrough && (nextDue === undefined || (nextDue !== null && nextDue <= now))
  const due = isDue
    ? await findDue(deps.clickhouse, workspaceId, { after: state.dueThrough, upTo: now, limit: mostDue })
    : nobodyDue
  const recount = state.recount ?? beginRecount(rules)
  const ended = rules.length > 0 ? await findEnded(deps, workspaceId, now) : []
  const persons = new Set([...findConcerned(batches, rules), ...due.persons, ...ended])
  if (
    batches.length === 0 &&
    persons.size === 0 &&
    recount === null &&
    live.to === state.live &&
    bulk.to === state.bulk
  )
    return null
  const isCounting = recount?.phase === 'counting'
  return {
    now,
    batches,
    live: live.to,
    bulk: bulk.to,
    persons: rules.length > 0 ? persons : new Set(),
    ended,
    slice: isCounting
      ? (standing.begunSlice ??
        (await findSlice(deps, workspaceId, recount.cursor, standing.isBusy || batches.length > 0)))
      : null,
    recount,
    dueThrough: isWhole(due) ? now : state.dueThrough,
    nextDue: isDue && isWhole(due) ? due.next : undefined,
    more: live.more || bulk.more || !isWhole(due) || recount !== null,
    isFull: live.more,
  }
}

const nobodyDue: Due = { persons: [], next: null }
const isWhole = ({ persons }: Due): boolean => persons.length < mostDue

const findSlice = async (
  deps: SegmentsStageDeps,
  workspaceId: WorkspaceId,
  after: PersonId | null,
  beside: boolean,
): Promise<Slice> => {
  const size = deps.sliceSize ?? (beside ? sliceSizes.beside : sliceSizes.alone)
  return { kind: 'range', after, upTo: await findSliceEnd(deps.clickhouse, workspaceId, after, size) }
}

/** Whom the rules may see otherwise now: who did something that a rule asks about, or is not who she was. */
export const findConcerned = (
  batches: readonly PeopleBatch[],
  rules: readonly RuleVersion[],
): ReadonlySet<PersonId> => {
  const asked = new Set(rules.flatMap(({ definition }) => leavesOf(definition).flatMap(eventNamesOf)))
  const concerned = new Set<PersonId>()
  for (const { events, personOf, reshapedPersons } of batches) {
    for (const personId of reshapedPersons) concerned.add(personId)
    for (const { name, subjectId } of events) {
      const personId = asked.has(name) ? personOf.get(subjectId) : undefined
      if (personId !== undefined) concerned.add(personId)
    }
  }
  return concerned
}

/**
 * After a stop, or when the clock was moved far, many edges of time have passed. They are taken in pieces, so that what
 * happened at one is not mistaken for what happened at another: half of what is left at a time, from an hour to six. Null
 * when there is nothing to catch up.
 */
const findCatchUp = async (
  deps: SegmentsStageDeps,
  workspaceId: WorkspaceId,
  { state, nextDue }: Standing,
  until: Instant,
): Promise<Instant | null> => {
  if (until - state.now <= hourMs) return null
  const due = nextDue === undefined ? await findNextDue(deps.clickhouse, workspaceId, state.dueThrough) : nextDue
  const next = await orEnd(deps, workspaceId, due)
  if (next === null) return null
  const piece = Math.min(Math.max((until - next) / 2, hourMs), mostPieceMs)
  return next + piece < until ? Math.max(state.now, Math.round(next + piece)) : null
}
const mostPieceMs = 6 * hourMs

/** A tick of time alone. */
const catchUp = async (
  deps: SegmentsStageDeps,
  workspaceId: WorkspaceId,
  state: TickState,
  now: Instant,
): Promise<Work> => {
  const due = await findDue(deps.clickhouse, workspaceId, { after: state.dueThrough, upTo: now, limit: mostDue })
  const ended = await findEnded(deps, workspaceId, now)
  const persons = new Set([...due.persons, ...ended])
  return {
    now,
    batches: [],
    live: state.live,
    bulk: state.bulk,
    persons,
    ended,
    slice: null,
    recount: state.recount,
    dueThrough: isWhole(due) ? now : state.dueThrough,
    nextDue: isWhole(due) ? due.next : undefined,
    more: true,
    isFull: false,
  }
}

export const readLane = async (
  deps: Pick<SegmentsStageDeps, 'people'>,
  workspaceId: WorkspaceId,
  lane: 'live' | 'bulk',
  from: Position,
  upTo: Position,
  limit: number,
): Promise<{ batches: readonly PeopleBatch[]; to: Position; more: boolean }> => {
  if (upTo <= from) return { batches: [], to: from, more: false }
  const read = await deps.people.feed.after(workspaceId, lane, from, limit)
  const batches = read.filter(({ position }) => position <= upTo)
  const last = batches.at(-1)
  // Batches without events leave no trace in the feed: having read all there is, the projection's position is reached.
  const isAll = last === undefined ? read.length === 0 : last.position >= upTo
  const to = last?.position ?? (isAll ? upTo : from)
  return { batches, to, more: to < upTo }
}

const eventsIn = (batches: readonly PeopleBatch[]): number =>
  batches.reduce((sum, { events }) => sum + events.length, 0)

const findEnded = async (deps: SegmentsStageDeps, workspaceId: WorkspaceId, now: Instant) => {
  const asked = deps.consumers.flatMap((consumer) => consumer.ended ?? [])
  if (asked.length === 0) return []
  return deps.postgres.inWorkspace(workspaceId, async (tx) => {
    const ended: PersonId[] = []
    for (const ask of asked) ended.push(...(await ask(tx, workspaceId, now, mostDue)))
    return ended
  })
}

/** The earlier of an instant at which a rule may change and one at which something that a consumer keeps ends. */
export const orEnd = async (
  deps: SegmentsStageDeps,
  workspaceId: WorkspaceId,
  due: Instant | null,
): Promise<Instant | null> => {
  const asked = deps.consumers.flatMap((consumer) => consumer.nextEnd ?? [])
  if (asked.length === 0) return due
  return deps.postgres.inWorkspace(workspaceId, async (tx) => {
    let next = due
    for (const ask of asked) {
      const end = await ask(tx, workspaceId)
      if (end !== null && (next === null || end < next)) next = end
    }
    return next
  })
}
