import type { Poison } from '../jobs/index.ts'
import type { RunId, SubjectId } from '../kernel/index.ts'
import type { PersonEvent } from '../people/index.ts'
import type { SegmentEntry } from './find-concerned.ts'
import type { Plan } from './write-turn.ts'

/** One of the things a turn is about: what somebody did, a run with something to do, an entry through a segment. */
export type TurnItem =
  | { readonly kind: 'event'; readonly event: PersonEvent }
  | { readonly kind: 'run'; readonly runId: RunId; readonly subjectId: SubjectId }
  | { readonly kind: 'entry'; readonly entry: SegmentEntry }

export const itemsOf = ({ due, people }: Plan): readonly TurnItem[] => {
  const { pending } = due
  return [
    ...due.events.map((event): TurnItem => ({ kind: 'event', event })),
    ...[...pending.due, ...pending.asking, ...pending.stopped].map(
      ({ runId, subjectId }): TurnItem => ({ kind: 'run', runId, subjectId }),
    ),
    ...people.entries.map((entry): TurnItem => ({ kind: 'entry', entry })),
  ]
}

const subjectOf = (item: TurnItem): SubjectId => {
  if (item.kind === 'event') return item.event.subjectId
  return item.kind === 'run' ? item.subjectId : item.entry.subjectId
}

/** The same turn about some of its things only, and so about their people only. */
export const planWith = (plan: Plan, items: readonly TurnItem[]): Plan => {
  const { due, people, answers } = plan
  const events = new Set<PersonEvent>()
  const runs = new Set<RunId>()
  const entries = new Set<SegmentEntry>()
  const subjects = new Set<SubjectId>()
  for (const item of items) {
    if (item.kind === 'event') events.add(item.event)
    else if (item.kind === 'run') runs.add(item.runId)
    else entries.add(item.entry)
    subjects.add(subjectOf(item))
  }
  const { pending } = due
  const isKept = ({ runId }: { readonly runId: RunId }) => runs.has(runId)
  const personOf = new Map([...people.personOf].filter(([subject]) => subjects.has(subject)))
  const persons = new Set(personOf.values())
  return {
    ...plan,
    due: {
      ...due,
      events: due.events.filter((event) => events.has(event)),
      pending: {
        due: pending.due.filter(isKept),
        asking: pending.asking.filter(isKept),
        stopped: pending.stopped.filter(isKept),
      },
    },
    people: {
      personOf,
      subjectsOf: new Map([...people.subjectsOf].filter(([person]) => persons.has(person))),
      entries: people.entries.filter((entry) => entries.has(entry)),
    },
    answers: new Map([...answers].filter(([runId]) => runs.has(runId))),
  }
}

/**
 * The turn without what can't be done. Its events and entries are passed over; a run that can't go on ends, or it would be
 * due for ever.
 */
export const planWithout = (plan: Plan, items: readonly TurnItem[], poison: readonly Poison<TurnItem>[]): Plan => {
  const refused = new Set(poison.map(({ item }) => item))
  const kept = items.filter((item) => item.kind === 'run' || !refused.has(item))
  return { ...planWith(plan, kept), aside: poison }
}

/** As the quarantine names them. */
export const namesOf = (poison: readonly Poison<TurnItem>[]) =>
  poison.map(({ item, reason }) => {
    if (item.kind === 'event') return { kind: 'event' as const, item: item.event.messageId, reason }
    if (item.kind === 'run') return { kind: 'run' as const, item: item.runId, reason }
    return { kind: 'entry' as const, item: `${item.entry.event.messageId} ${item.entry.personId}`, reason }
  })
