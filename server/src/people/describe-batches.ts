import type { ParsedEvent } from '../collect/index.ts'
import type { Turn } from '../jobs/index.ts'
import { must, type PersonId, type SubjectId } from '../kernel/index.ts'
import type { ReadBatch, SortedBatches } from './fold-batch.ts'
import { type PeopleBatch, type PersonEvent, receiptOf } from './person-event.ts'
import type { ResolvedIdentity } from './resolve-identity.ts'

/** What the writing of some batches found out, beside what is in the store. */
export interface Written {
  readonly identity: ResolvedIdentity
  /** Subjects whose traits changed. */
  readonly profiled: ReadonlySet<SubjectId>
  /** The order each accepted event is about, by its index. */
  readonly orderOfEvent: ReadonlyMap<number, string>
  /** Accepted events, by index, that turned out to say nothing new: nobody gets them. */
  readonly restated: ReadonlySet<number>
  /** Persons parted by an undone merge. */
  readonly undone: readonly PersonId[]
}

/** The batches as the stages after this one get them. */
export const describeBatches = (
  turn: Turn,
  batches: readonly ReadBatch[],
  sorted: SortedBatches,
  { identity, profiled, orderOfEvent, restated, undone }: Written,
): readonly PeopleBatch[] => {
  const building = batches.map((batch) => ({
    batch,
    events: [] as PersonEvent[],
    personOf: new Map<SubjectId, PersonId>(),
    changed: new Set<PersonId>(),
    reshaped: new Set<PersonId>(),
    orders: new Set<string>(),
  }))
  const minted = new Set(identity.newSubjects.map((each) => each.subjectId))
  const touchedSubjects = new Set(identity.newIdentifiers.map((each) => each.subjectId))
  sorted.accepted.forEach(({ event, batch: batchIndex }, index) => {
    const subjectId = identity.subjectOfEvent[index]
    const into = must(building[batchIndex], 'a batch of each event')
    if (!subjectId || restated.has(index)) return
    const person = must(identity.persons.get(subjectId), 'every subject touched has a person')
    into.events.push(toPersonEvent(event, subjectId))
    into.personOf.set(subjectId, person)
    into.changed.add(person)
    if (minted.has(subjectId) || touchedSubjects.has(subjectId) || profiled.has(subjectId)) into.reshaped.add(person)
    const orderId = orderOfEvent.get(index)
    if (orderId !== undefined) into.orders.add(orderId)
  })
  const last = must(building.at(-1), 'a turn has a batch')
  for (const merge of identity.merges)
    for (const person of [merge.winner, merge.loser]) {
      last.changed.add(person)
      last.reshaped.add(person)
    }
  for (const person of undone) {
    last.changed.add(person)
    last.reshaped.add(person)
  }
  return building.map(({ batch, events, personOf, changed, reshaped, orders }) => ({
    workspaceId: turn.workspaceId,
    lane: turn.lane,
    position: batch.position,
    receivedAt: receiptOf(events, batch.receivedAt),
    events,
    personOf,
    changedPersons: [...changed],
    reshapedPersons: [...reshaped],
    orderIds: [...orders],
  }))
}

export const toPersonEvent = (event: ParsedEvent, subjectId: SubjectId): PersonEvent => ({
  messageId: event.messageId,
  type: event.type,
  name: event.name,
  subjectId,
  occurredAt: event.occurredAt,
  receivedAt: event.receivedAt,
  historic: event.historic,
  properties: event.properties,
  context: event.context,
})
