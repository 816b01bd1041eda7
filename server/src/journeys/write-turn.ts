import { commitPosition, type Poison, quarantineItems, type Turn } from '../jobs/index.ts'
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
import type { MessageIntent } from '../messages/index.ts'
import type { PersonEvent } from '../people/index.ts'
import type { Tx } from '../stores/index.ts'
import { applyTurn, type ChangedRun, takenKey } from './apply-turn.ts'
import { type CompiledJourney, entryKeyFor } from './compiled-journey.ts'
import type { Answers, Concerned } from './find-concerned.ts'
import type { Due } from './find-due.ts'
import { readRevision } from './journey-store.ts'
import { isOpen, type JourneysStageDeps, type Look, standingOf } from './look-around.ts'
import type { ArrivedEvent } from './run.ts'
import { loadRuns, saveRuns } from './run-store.ts'
import { namesOf, type TurnItem } from './turn-items.ts'
import { journeysStage, lockJourneys, membershipStage, readNextDue, readTaken } from './turn-store.ts'

/** All that a turn has decided to do. */
export interface Plan {
  readonly look: Look
  readonly due: Due
  readonly people: Concerned
  readonly answers: Answers
  /** What can't be done, and is not tried again. */
  readonly aside: readonly Poison<TurnItem>[]
}

export type Done =
  | { readonly kind: 'changed-meanwhile' }
  | {
      readonly kind: 'done'
      readonly committed: boolean
      readonly changed: readonly ChangedRun[]
      readonly nextDue: Instant | null
    }

/** Carries the plan out in one transaction: runs, planned messages, positions. */
export const writeTurn = async (deps: JourneysStageDeps, tx: Tx, turn: Turn, plan: Plan): Promise<Done> => {
  const { look, due, people } = plan
  const { workspaceId } = turn
  const to = due.to ?? look.own.applied
  const concerned = people.personOf.size > 0
  const changesRead = due.changes !== null && due.changes.to !== due.changes.from
  if (!concerned && !changesRead && due.to === null)
    return { kind: 'done', committed: false, changed: [], nextDue: await nextDueOf(tx, turn, look) }
  await lockJourneys(tx, workspaceId)
  if ((await readRevision(tx, workspaceId)) !== look.revision) return { kind: 'changed-meanwhile' }
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
  await quarantineItems(tx, turn, { stage: journeysStage, position: to }, namesOf(plan.aside))
  crashPoint('journeys.before-commit')
  return { kind: 'done', committed: true, changed, nextDue: await nextDueOf(tx, turn, look) }
}

const nextDueOf = (tx: Tx, turn: Turn, look: Look): Promise<Instant | null> =>
  look.versions.length === 0 ? Promise.resolve(null) : readNextDue(tx, turn.workspaceId)

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
    failed: new Set(plan.aside.flatMap(({ item }) => (item.kind === 'run' ? [item.runId] : []))),
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
    began: { at: run.entry.receivedAt, occurredAt: run.entry.occurredAt },
    entryEvent: run.entry.properties,
  }))
}
