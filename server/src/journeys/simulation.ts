import {
  type JourneyDefinition,
  type JourneySimulation,
  journeyDraft,
  type SimulatedRun,
  type SimulationRequest,
} from '@baton/contract'
import { notFound, UserError } from '../http/index.ts'
import {
  brandAs,
  type Instant,
  type JourneyId,
  newId,
  type PersonId,
  type SubjectId,
  type WorkspaceId,
} from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { type CompiledJourney, compileJourney, entryKeyFor, type PassesFilters } from './compiled-journey.ts'
import { findJourney, loadDefinitions } from './journey-store.ts'
import type { JourneyPorts } from './ports.ts'
import { branchRules, ruleProblems } from './publish-check.ts'
import type { ArrivedEvent, TraceItem } from './run.ts'
import { toTrace } from './run-page.ts'
import { simulate, type WalkedRun } from './simulate.ts'
import { type RehearsedMessage, rehearseMessages } from './simulate-policy.ts'
import { readDraft } from './validate-draft.ts'

export interface SimulationDeps {
  readonly postgres: Postgres
  readonly ports: Pick<JourneyPorts, 'people' | 'rules' | 'rehearsal'>
  readonly passes: PassesFilters
  readonly domainNow: (workspaceId: WorkspaceId) => Promise<Instant>
}

/** Walks one person through a draft or a version, at any time; reads only. */
export type SimulateJourney = (
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
  asked: SimulationRequest,
) => Promise<JourneySimulation>

export const createSimulation = (deps: SimulationDeps): SimulateJourney => {
  const { ports } = deps
  return async (workspaceId, journeyId, asked) => {
    const definition = await readAsked(deps, workspaceId, journeyId, asked.version ?? null)
    // A version number that no published one has: its rules are asked for below, not among the saved ones.
    const journey = compileJourney({ journeyId, version: 0, definition }, deps.passes)
    const startAt = asked.startAt ?? (await deps.domainNow(workspaceId))
    const until = startAt + asked.lastsMs
    const who = await identify(deps, workspaceId, asked)
    const rules = branchRules(journeyId, 0, definition)
    const supposed = await ports.rehearsal.rules(workspaceId, asked.person, rules)
    if (!supposed) throw notFound('person')
    const decide = await ports.rehearsal.policy(workspaceId, asked.person, startAt)
    const entry = entryEvent(definition, asked, startAt)
    const later = laterEvents(asked, startAt).filter(({ receivedAt }) => receivedAt <= until)
    const further = [entry, ...later]
    const walk = simulate({
      workspaceId,
      journey,
      ...who,
      entry,
      later,
      until,
      holdAt: (now) => supposed.holdAt(now, further),
    })
    const messages = rehearseMessages(journey, walk.runs, decide)
    return {
      version: asked.version ?? null,
      startAt,
      until,
      keptOut: walk.runs.length > 0 ? null : keptOut(journey, entry),
      runs: walk.runs.map((each) => toSimulatedRun(each, journey, messages)),
      cut: walk.cut,
    }
  }
}

const readAsked = async (
  { postgres, ports }: SimulationDeps,
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
  version: number | null,
): Promise<JourneyDefinition> => {
  const stored = await postgres.inWorkspace(
    workspaceId,
    async (tx) => {
      const row = await findJourney(tx, workspaceId, journeyId)
      if (!row) throw notFound('journey')
      if (version === null) return row.draft
      const [found] = await loadDefinitions(tx, workspaceId, [{ journeyId, version }])
      if (!found) throw notFound('version of this journey')
      return journeyDraft.parse(found.definition)
    },
    { readOnly: true },
  )
  const reading = readDraft(stored)
  // A template or an owner that is missing keeps nobody from walking the way.
  const ofRules = reading.kind === 'readable' ? await ruleProblems(ports, workspaceId, reading.definition) : []
  const problems = [...reading.problems, ...ofRules]
  if (reading.kind === 'unreadable' || problems.length > 0)
    throw new UserError('invalid-input', 'The journey can’t be tried out as it stands.', {
      remedy: problems[0]?.remedy ?? 'Look at each problem and mend it.',
      details: { problems },
    })
  return reading.definition
}

const identify = async (
  { ports }: SimulationDeps,
  workspaceId: WorkspaceId,
  { person }: SimulationRequest,
): Promise<{ personId: PersonId; subjectId: SubjectId }> => {
  if (person.kind === 'made') {
    const subjectId = newId<SubjectId>()
    return { personId: brandAs<PersonId>(subjectId), subjectId }
  }
  const personId = brandAs<PersonId>(person.personId)
  const [subjectId] = (await ports.people.subjectsOf(workspaceId, [personId])).get(personId) ?? []
  if (subjectId === undefined) throw notFound('person')
  return { personId, subjectId }
}

const entryEvent = ({ entry }: JourneyDefinition, asked: SimulationRequest, at: Instant): ArrivedEvent => ({
  messageId: 'entry',
  name: entry.kind === 'event' ? entry.event : entry.on === 'enter' ? 'Segment Entered' : 'Segment Left',
  receivedAt: at,
  occurredAt: at,
  properties: entry.kind === 'event' ? asked.entry : { segment_id: entry.segmentId },
})

const laterEvents = (asked: SimulationRequest, startAt: Instant): readonly ArrivedEvent[] =>
  asked.events
    .map(({ name, afterMs, properties }, index) => ({
      messageId: `event ${index + 1}`,
      name,
      receivedAt: startAt + afterMs,
      occurredAt: startAt + afterMs,
      properties,
    }))
    .toSorted((left, right) => left.receivedAt - right.receivedAt)

const keptOut = (journey: CompiledJourney, entry: ArrivedEvent): JourneySimulation['keptOut'] => {
  const { entry: how } = journey.definition
  if (how.kind !== 'event' || entryKeyFor(journey, entry) !== null) return null
  return journey.passes(entry, how.where) ? 'no-key' : 'filter'
}

const toSimulatedRun = (
  { run, trace }: WalkedRun,
  journey: CompiledJourney,
  messages: readonly RehearsedMessage[],
): SimulatedRun => {
  const { place } = run
  return {
    entryKey: run.entryKey === '' ? null : run.entryKey,
    state: place.kind === 'at' ? 'active' : place.kind,
    reason: place.kind === 'at' ? null : place.kind === 'exited' ? place.reason : 'finished',
    enteredAt: run.enteredAt,
    endedAt: place.kind === 'at' ? null : place.at,
    stepId: place.kind === 'at' ? place.stepId : null,
    dueAt: place.kind === 'at' && place.waits.kind === 'until' ? place.waits.dueAt : null,
    path: toTrace(stepsOf(trace), lateOf(trace), journey),
    messages: messages
      .filter(({ runId }) => runId === run.runId)
      .map(({ message, decisions }) => ({
        stepNo: message.instance,
        stepId: message.stepId,
        channel: message.channel,
        templateId: message.templateId,
        topic: message.topic,
        plannedAt: message.plannedAt,
        decisions: [...decisions],
      })),
  }
}

const stepsOf = (trace: readonly TraceItem[]) =>
  trace.flatMap((item) => {
    if (item.kind !== 'entered') return []
    const left = trace.find((each) => each.kind === 'left' && each.stepNo === item.stepNo)
    const end = left?.kind === 'left' ? left : null
    return [
      {
        stepNo: item.stepNo,
        stepId: item.stepId,
        enteredAt: item.at,
        leftAt: end?.at ?? null,
        outcome: end?.outcome ?? null,
        messageId: end?.messageId ?? null,
      },
    ]
  })

const lateOf = (trace: readonly TraceItem[]) => trace.filter((item) => item.kind === 'late')
