import type { Turn } from '../jobs/index.ts'
import { brandAs, type PersonId, type RunId, type SubjectId } from '../kernel/index.ts'
import { type CompiledJourney, entryRuleKey } from './compiled-journey.ts'
import type { Due } from './find-due.ts'
import { isOpen, type JourneysStageDeps, type Look } from './look-around.ts'
import type { ArrivedEvent } from './run.ts'

/** Who is concerned: persons by subject, and all subjects of each. */
export interface Concerned {
  readonly personOf: ReadonlyMap<SubjectId, PersonId>
  readonly subjectsOf: ReadonlyMap<PersonId, readonly SubjectId[]>
  readonly entries: readonly SegmentEntry[]
}

/** Of somebody who is there: the person is who the subject belongs to now. */
export interface SegmentEntry {
  readonly personId: PersonId
  readonly subjectId: SubjectId
  readonly journey: CompiledJourney
  readonly event: ArrivedEvent
}

/** The people of all that is due, and who enters through a segment. */
export const findPeople = async (deps: JourneysStageDeps, turn: Turn, look: Look, due: Due): Promise<Concerned> => {
  const entering = whoEnters(deps, look, due)
  const subjects = new Set<SubjectId>()
  for (const event of due.events) subjects.add(event.subjectId)
  for (const each of [...due.pending.due, ...due.pending.asking, ...due.pending.stopped]) subjects.add(each.subjectId)
  for (const each of entering) subjects.add(each.subjectId)
  if (subjects.size === 0) return { personOf: new Map(), subjectsOf: new Map(), entries: [] }
  const personOf = await deps.people.personsOf(turn.workspaceId, [...subjects])
  const entries = entering.flatMap((each) => {
    const personId = personOf.get(each.subjectId)
    return personId ? [{ ...each, personId }] : []
  })
  const persons = new Set(personOf.values())
  return { personOf, subjectsOf: await deps.people.subjectsOf(turn.workspaceId, [...persons]), entries }
}

/** By the subject that led the person whom the tick saw: she may have been merged into another, or be erased, since. */
const whoEnters = (deps: JourneysStageDeps, look: Look, due: Due): readonly Omit<SegmentEntry, 'personId'>[] => {
  if (!due.changes) return []
  const byRule = new Map<string, { journey: CompiledJourney; openedAfter: number }>()
  for (const listed of look.versions)
    if (isOpen(listed))
      byRule.set(entryRuleKey(listed.journeyId, listed.version), {
        journey: deps.versions.get(listed),
        openedAfter: listed.openedAfter,
      })
  return due.changes.read.flatMap((change) => {
    const open = byRule.get(change.ruleKey)
    if (!open || change.seq <= open.openedAfter) return []
    const { journey } = open
    const { entry } = journey.definition
    if (entry.kind !== 'segment') return []
    if ((change.cause !== 'behaviour' && change.cause !== 'time') || change.isHistoric) return []
    if (change.entered !== (entry.on === 'enter')) return []
    // The run begins when journeys learn of it: what she did before is before the run.
    const at = Math.max(change.knownAt, due.until ?? change.knownAt)
    const event: ArrivedEvent = {
      messageId: `${change.ruleKey}:${change.seq}`,
      name: entry.on === 'enter' ? 'Segment Entered' : 'Segment Left',
      receivedAt: at,
      occurredAt: change.at,
      properties: { segment_id: entry.segmentId },
    }
    return [{ subjectId: brandAs<SubjectId>(change.personId), journey, event }]
  })
}

export type Answers = ReadonlyMap<RunId, { readonly stepNo: number; readonly holds: ReadonlySet<string> }>

const nobody: ReadonlySet<string> = new Set()

/** What the rules say for those who ask, as of a tick that has passed what brought them there. */
export const findAnswers = async (
  deps: JourneysStageDeps,
  turn: Turn,
  due: Due,
  people: Concerned,
): Promise<Answers> => {
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
