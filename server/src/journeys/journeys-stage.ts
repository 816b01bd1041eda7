import { commitPosition, type Lane, type Stage, type Turn, type TurnOutcome } from '../jobs/index.ts'
import {
  brandAs,
  crashPoint,
  type Instant,
  type PersonId,
  type Position,
  type RunId,
  type SubjectId,
  type TemplateId,
} from '../kernel/index.ts'
import type { PeopleBatch, PersonEvent } from '../people/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { applyTurn, type ChangedRun, takenKey } from './apply-turn.ts'
import { type CompiledJourney, entryKeyFor, entryRuleKey } from './compiled-journey.ts'
import { type DueBatches, dueBatches } from './due-batches.ts'
import { type ListedVersion, listVersions, readRevision } from './journey-store.ts'
import type { JourneyPorts, MembershipChanged, MessageIntent } from './ports.ts'
import type { ArrivedEvent } from './run.ts'
import { loadRuns, saveRuns } from './run-store.ts'
import {
  journeysStage,
  type LaneStanding,
  lockJourneys,
  membershipStage,
  readLaneStandings,
  readLogEdge,
  readMembershipPlace,
  readNextDue,
  readPending,
  readTaken,
} from './turn-store.ts'
import type { VersionCache } from './version-cache.ts'
import { type Evidence, evidenceOfBatch, keepSample, watermark } from './watermark.ts'

/** Bounds of one turn, so that its transaction lasts well under a second. */
const limits = { eventsRead: 8_000, eventsApplied: 1_000, runs: 500, changes: 1_000 } as const
/** How soon to look again when what is needed has not finished committing, and when it waits for the people stage. */
const unsettledRetryMs = 5
const behindRetryMs = 100

type StagePorts = Pick<JourneyPorts, 'people' | 'membership' | 'messages'>

export interface JourneysStageDeps extends StagePorts {
  readonly postgres: Postgres
  readonly versions: VersionCache
}

/**
 * Moves runs on: by what people did, by membership that changed, by time. A turn looks (without locks), decides which
 * events and timers are due by the watermark, then loads the runs concerned, advances them and writes runs, planned
 * messages and position in one transaction. Events of the bulk lane act like others unless they are historic; timers,
 * answers and entries through segments belong to the live lane's turns.
 */
export const createJourneysStage = (deps: JourneysStageDeps): Stage => {
  // Lost with the process; the next one takes new samples.
  const samples = new Map<string, readonly Evidence[]>()
  return {
    name: journeysStage,
    lanes: ['live', 'bulk'],
    after: ['people', 'segments'],
    turn: async (turn) => {
      const look = await lookAround(deps, turn)
      const kept = keepSample(samples.get(turn.workspaceId) ?? [], { at: turn.now, from: look.begun })
      if (look.versions.length > 0) samples.set(turn.workspaceId, kept)
      else samples.delete(turn.workspaceId)
      return takeTurn(deps, turn, look, kept)
    },
  }
}

interface Look {
  readonly begun: Position
  readonly settled: Position
  readonly standings: readonly LaneStanding[]
  readonly own: LaneStanding
  readonly versions: readonly ListedVersion[]
  readonly ticked: Position
}

const nothingBegun = { begun: brandAs<Position>(0), settled: brandAs<Position>(0) }

/** Each statement sees later than the one before: first the edge of the log, then who handled what, then what they left. */
const lookAround = async (deps: JourneysStageDeps, turn: Turn): Promise<Look> => {
  const { workspaceId, lane } = turn
  const versions = await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    const listed = await listVersions(tx, workspaceId)
    await deps.versions.load(tx, workspaceId, listed)
    return listed
  })
  const isAtWork = versions.length > 0
  const ticked = isAtWork ? await deps.membership.tickedPosition(workspaceId, 'live') : nothingBegun.begun
  const edge = isAtWork ? await deps.postgres.inGlobal(readLogEdge) : nothingBegun
  const standings = await deps.postgres.inWorkspace(workspaceId, (tx) => readLaneStandings(tx, workspaceId))
  return { ...edge, versions, ticked, standings, own: standingOf(standings, lane) }
}

const standingOf = (standings: readonly LaneStanding[], lane: Lane): LaneStanding =>
  standings.find((each) => each.lane === lane) ?? {
    lane,
    applied: 0 as Position,
    handled: 0 as Position,
    unhandled: null,
  }

/** What of all this is due now. */
interface Due extends DueBatches {
  readonly pending: Awaited<ReturnType<typeof readPending>>
  readonly changes: {
    readonly from: Position
    readonly to: Position
    readonly read: readonly MembershipChanged[]
  } | null
}

const takeTurn = async (
  deps: JourneysStageDeps,
  turn: Turn,
  look: Look,
  samples: readonly Evidence[],
): Promise<TurnOutcome> => {
  const due = await findDue(deps, turn, look, samples)
  const people = await findPeople(deps, turn, look, due)
  const answers = await findAnswers(deps, turn, due, people)
  const plan: Plan = { look, due, people, answers }
  const done = await deps.postgres.inWorkspace(turn.workspaceId, (tx) => writeTurn(deps, tx, turn, plan), {
    maxMs: 5_000,
  })
  if (done.kind === 'changed-meanwhile') return { handled: 0, more: true }
  if (done.committed) crashPoint('journeys.committed')
  return outcomeOf(turn, plan, done)
}

const findDue = async (deps: JourneysStageDeps, turn: Turn, look: Look, samples: readonly Evidence[]): Promise<Due> => {
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

const isOpen = (listed: ListedVersion) => listed.isCurrent && listed.status === 'live'

const readChanges = async (deps: JourneysStageDeps, tx: Tx, turn: Turn, look: Look): Promise<Due['changes']> => {
  const enteredBySegment = look.versions.some(
    (each) => isOpen(each) && deps.versions.get(each).definition.entry.kind === 'segment',
  )
  if (!enteredBySegment) return null
  const from = await readMembershipPlace(tx, turn.workspaceId)
  const read = await deps.membership.changesAfter(turn.workspaceId, from, limits.changes)
  return { from, to: (read.at(-1)?.seq ?? from) as Position, read }
}

/** Who is concerned: persons by subject, and all subjects of each. */
interface Concerned {
  readonly personOf: ReadonlyMap<SubjectId, PersonId>
  readonly subjectsOf: ReadonlyMap<PersonId, readonly SubjectId[]>
  readonly entries: readonly { personId: PersonId; journey: CompiledJourney; event: ArrivedEvent }[]
}

const findPeople = async (deps: JourneysStageDeps, turn: Turn, look: Look, due: Due): Promise<Concerned> => {
  const entries = segmentEntries(deps, look, due)
  const subjects = new Set<SubjectId>()
  for (const event of due.events) subjects.add(event.subjectId)
  for (const each of [...due.pending.due, ...due.pending.asking, ...due.pending.stopped]) subjects.add(each.subjectId)
  if (subjects.size === 0 && entries.length === 0) return { personOf: new Map(), subjectsOf: new Map(), entries }
  const personOf = await deps.people.personsOf(turn.workspaceId, [...subjects])
  const persons = new Set([...personOf.values(), ...entries.map((each) => each.personId)])
  return { personOf, subjectsOf: await deps.people.subjectsOf(turn.workspaceId, [...persons]), entries }
}

const segmentEntries = (deps: JourneysStageDeps, look: Look, due: Due): Concerned['entries'] => {
  if (!due.changes) return []
  const byRule = new Map<string, CompiledJourney>()
  for (const listed of look.versions)
    if (isOpen(listed)) byRule.set(entryRuleKey(listed.journeyId, listed.version), deps.versions.get(listed))
  return due.changes.read.flatMap((change) => {
    const journey = byRule.get(change.ruleKey)
    const entry = journey?.definition.entry
    if (!journey || entry?.kind !== 'segment') return []
    if (change.cause !== 'behaviour' && change.cause !== 'time') return []
    if (change.entered !== (entry.on === 'enter')) return []
    // The run begins when journeys learn of it: what she did before is before the run.
    const at = Math.max(change.knownAt, due.until ?? change.knownAt)
    const event: ArrivedEvent = {
      messageId: `${change.ruleKey}:${change.seq}`,
      name: entry.on === 'enter' ? 'Segment Entered' : 'Segment Left',
      receivedAt: at,
      occurredAt: change.knownAt,
      properties: { segment_id: entry.segmentId },
    }
    return [{ personId: change.personId, journey, event }]
  })
}

type Answers = ReadonlyMap<RunId, { readonly stepNo: number; readonly holds: ReadonlySet<string> }>

const nobody: ReadonlySet<string> = new Set()

/** What the rules say for those who ask, as of a tick that has passed what brought them there. */
const findAnswers = async (deps: JourneysStageDeps, turn: Turn, due: Due, people: Concerned): Promise<Answers> => {
  const { asking } = due.pending
  if (asking.length === 0) return new Map()
  const keys = [...new Set(asking.flatMap((each) => each.askKeys))]
  const known = await deps.membership.known(turn.workspaceId, keys)
  const ready = asking.filter((each) => each.askKeys.every((key) => known.has(key)))
  const persons = ready.flatMap((each) => people.personOf.get(each.subjectId) ?? [])
  if (persons.length === 0) return new Map()
  const holds = await deps.membership.holds(turn.workspaceId, [...known], [...new Set(persons)])
  return new Map(
    ready.flatMap((each) => {
      const personId = people.personOf.get(each.subjectId)
      return personId ? [[each.runId, { stepNo: each.stepNo, holds: holds.get(personId) ?? nobody }] as const] : []
    }),
  )
}

interface Plan {
  readonly look: Look
  readonly due: Due
  readonly people: Concerned
  readonly answers: Answers
}

type Done =
  | { readonly kind: 'changed-meanwhile' }
  | {
      readonly kind: 'done'
      readonly committed: boolean
      readonly changed: readonly ChangedRun[]
      readonly nextDue: Instant | null
    }

const writeTurn = async (deps: JourneysStageDeps, tx: Tx, turn: Turn, plan: Plan): Promise<Done> => {
  const { look, due, people } = plan
  const { workspaceId } = turn
  const to = due.to ?? look.own.applied
  const concerned = people.personOf.size > 0 || people.entries.length > 0
  const changesRead = due.changes !== null && due.changes.to !== due.changes.from
  if (!concerned && !changesRead && due.to === null)
    return { kind: 'done', committed: false, changed: [], nextDue: await nextDueOf(tx, turn, look) }
  await lockJourneys(tx, workspaceId)
  if ((await readRevision(tx, workspaceId)) !== revisionOf(look.versions)) return { kind: 'changed-meanwhile' }
  const changed = concerned ? await advanceRuns(deps, tx, turn, plan, to) : []
  if (due.changes && changesRead)
    await commitPosition(tx, turn, {
      stage: membershipStage,
      from: due.changes.from,
      to: due.changes.to,
      handled: due.changes.read.length,
      at: turn.now,
    })
  await commitPosition(tx, turn, {
    stage: journeysStage,
    from: look.own.applied,
    to,
    handled: due.events.length + changed.length,
    at: turn.now,
  })
  crashPoint('journeys.before-commit')
  return { kind: 'done', committed: true, changed, nextDue: await nextDueOf(tx, turn, look) }
}

const nextDueOf = (tx: Tx, turn: Turn, look: Look): Promise<Instant | null> =>
  look.versions.length === 0 ? Promise.resolve(null) : readNextDue(tx, turn.workspaceId)

/** Grows with every change of any journey's status or version. */
const revisionOf = (versions: readonly ListedVersion[]): number =>
  [...new Map(versions.map((each) => [each.journeyId, each.revision])).values()].reduce((sum, each) => sum + each, 0)

const advanceRuns = async (
  deps: JourneysStageDeps,
  tx: Tx,
  turn: Turn,
  plan: Plan,
  to: Position,
): Promise<readonly ChangedRun[]> => {
  const { look, due, people } = plan
  const { workspaceId, now } = turn
  const personOf = new Map(people.personOf)
  for (const [personId, subjects] of people.subjectsOf) for (const subject of subjects) personOf.set(subject, personId)
  const stored = await loadRuns(tx, workspaceId, [...personOf.keys()], now)
  const runs = stored.flatMap(({ run }) => {
    const personId = personOf.get(run.subjectId)
    return personId ? [{ personId, run }] : []
  })
  await deps.versions.load(
    tx,
    workspaceId,
    stored.map(({ run }) => run),
  )
  const events = due.events.flatMap((event) => {
    const personId = personOf.get(event.subjectId)
    return personId ? [{ personId, subjectId: event.subjectId, event: arrivedOf(event) }] : []
  })
  const open = look.versions.filter(isOpen).map((each) => deps.versions.get(each))
  const changed = applyTurn({
    workspaceId,
    now,
    until: turn.lane === 'live' ? due.until : null,
    events,
    segmentEntries: people.entries,
    answers: plan.answers,
    stopped: new Set(look.versions.filter((each) => each.status === 'stopped').map((each) => each.journeyId)),
    runs,
    open,
    taken: await findTaken(tx, turn, { open, events, entries: people.entries, subjectsOf: people.subjectsOf }),
    journeyOf: (run) => deps.versions.get(run),
  })
  const before = new Map(
    stored.flatMap(({ run, askPosition }) => (askPosition === null ? [] : [[run.runId, askPosition] as const])),
  )
  const liveTo = turn.lane === 'live' ? to : standingOf(look.standings, 'live').applied
  await saveRuns(tx, workspaceId, changed, { at: liveTo, before: stillAsking(changed, stored, before) })
  await deps.messages.plan(
    tx,
    changed.flatMap((each) => intentsOf(deps, turn, each)),
  )
  return changed
}

/** A run that goes on asking at the same step keeps its position; one that asks anew needs the present one. */
const stillAsking = (
  changed: readonly ChangedRun[],
  stored: readonly { run: { runId: RunId; stepNo: number } }[],
  before: ReadonlyMap<RunId, Position>,
): ReadonlyMap<RunId, Position> => {
  const stepNoBefore = new Map(stored.map(({ run }) => [run.runId, run.stepNo]))
  return new Map(
    changed.flatMap(({ run }) => {
      const position = before.get(run.runId)
      return position !== undefined && stepNoBefore.get(run.runId) === run.stepNo ? [[run.runId, position]] : []
    }),
  )
}

const arrivedOf = ({ messageId, name, receivedAt, occurredAt, properties }: PersonEvent): ArrivedEvent => ({
  messageId,
  name,
  receivedAt,
  occurredAt,
  properties,
})

/** Only for journeys that are entered once: who of those about to enter was there before. */
const findTaken = async (
  tx: Tx,
  turn: Turn,
  about: {
    open: readonly CompiledJourney[]
    events: readonly { personId: PersonId; event: ArrivedEvent }[]
    entries: Concerned['entries']
    subjectsOf: ReadonlyMap<PersonId, readonly SubjectId[]>
  },
): Promise<ReadonlySet<string>> => {
  const wishes = [
    ...about.entries.map(({ journey, personId }) => ({ journey, personId, entryKey: '' })),
    ...about.open.flatMap((journey) =>
      about.events.flatMap(({ personId, event }) => {
        const entryKey = entryKeyFor(journey, event)
        return entryKey === null ? [] : [{ journey, personId, entryKey }]
      }),
    ),
  ].filter(({ journey }) => journey.definition.entry.reentry === 'never')
  const candidates = wishes.flatMap((wish) =>
    (about.subjectsOf.get(wish.personId) ?? []).map((subjectId) => ({
      journeyId: wish.journey.journeyId,
      entryKey: wish.entryKey,
      personId: wish.personId,
      subjectId,
    })),
  )
  const found = await readTaken(tx, turn.workspaceId, candidates)
  return new Set(found.map((each) => takenKey(each.journeyId, each.entryKey, each.personId)))
}

const intentsOf = (deps: JourneysStageDeps, turn: Turn, changed: ChangedRun): readonly MessageIntent[] => {
  const { run, personId } = changed
  const { definition } = deps.versions.get(run)
  return changed.intents.map((message) => ({
    workspaceId: turn.workspaceId,
    runId: run.runId,
    journeyId: run.journeyId,
    version: run.version,
    stepId: message.stepId,
    instance: message.instance,
    channel: message.channel,
    templateId: brandAs<TemplateId>(message.templateId),
    topic: message.topic,
    purpose: definition.purpose,
    phase: definition.phase,
    subjectId: run.subjectId,
    personId,
    plannedAt: message.plannedAt,
    deadlineAt: message.deadlineAt,
    entryEvent: run.entry.properties,
  }))
}

const outcomeOf = (turn: Turn, plan: Plan, done: Extract<Done, { kind: 'done' }>): TurnOutcome => {
  const { look, due } = plan
  const isAsking = done.changed.some(({ run }) => run.place.kind === 'at' && run.place.waits.kind === 'answer')
  const more =
    due.more ||
    due.pending.due.length === limits.runs ||
    due.pending.stopped.length === limits.runs ||
    plan.answers.size === limits.runs ||
    (due.changes?.read.length ?? 0) === limits.changes ||
    (isAsking && look.ticked >= (due.to ?? look.own.applied))
  const waiting = [done.nextDue, due.waitingFrom].filter((at) => at !== null)
  const next = waiting.length > 0 ? Math.min(...waiting) : null
  const isHeldBack = next !== null && next <= turn.now
  return {
    handled: due.events.length + done.changed.length,
    more,
    ...(isHeldBack ? { retryInMs: look.settled < look.begun ? unsettledRetryMs : behindRetryMs } : {}),
    ...(turn.lane === 'live' || done.changed.length > 0 ? { dueAt: next } : {}),
  }
}
