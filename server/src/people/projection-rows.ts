import type { Instant, PersonId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import { flatJson, propertyColumns } from './flatten-properties.ts'
import type { OrderRow } from './order-store.ts'
import type { PeopleBatch, PersonEvent } from './person-event.ts'
import type { PersonFacts } from './person-facts-store.ts'

/** Rows for ClickHouse as lines of JSON, one a row (format JSONEachRow). */
const seconds = (at: Instant): string => `"${(at / 1_000).toFixed(3)}"`

const eventLine = (workspaceId: WorkspaceId, event: PersonEvent, position: number, batch: number): string => {
  const { properties, numberTexts } = propertyColumns(event.properties)
  return (
    `{"workspace_id":"${workspaceId}","subject_id":"${event.subjectId}","occurred_at":${seconds(event.occurredAt)},` +
    `"received_at":${seconds(event.receivedAt)},"type":"${event.type}","name":${JSON.stringify(event.name.toWellFormed())},` +
    `"message_id":${JSON.stringify(event.messageId.toWellFormed())},"historic":${event.historic},` +
    `"properties":${properties},"number_texts":${numberTexts},"context":${flatJson(event.context)},` +
    `"batch":${batch},"position":${position}}`
  )
}

export const eventLines = (workspaceId: WorkspaceId, batches: readonly PeopleBatch[], batchNumber: number): string =>
  batches
    .flatMap((batch) => batch.events.map((event) => eventLine(workspaceId, event, batch.position, batchNumber)))
    .join('\n')

/** The same batches with some of their events only. */
export const batchesWith = (
  batches: readonly PeopleBatch[],
  events: readonly PersonEvent[],
): readonly PeopleBatch[] => {
  const kept = new Set(events)
  return batches.map((batch) => ({ ...batch, events: batch.events.filter((event) => kept.has(event)) }))
}

/** A row a person; one who is no more (merged away) is marked gone, so that the newest version says so. */
export const personLines = (
  workspaceId: WorkspaceId,
  asked: readonly PersonId[],
  facts: ReadonlyMap<PersonId, PersonFacts>,
  version: number,
): string =>
  asked
    .map((personId) => {
      const person = facts.get(personId)
      if (!person) return `{"workspace_id":"${workspaceId}","person_id":"${personId}","gone":true,"version":${version}}`
      const identifiers = person.identifiers.map(({ kind, value }) => ({ kind, value: value.toWellFormed() }))
      return (
        `{"workspace_id":"${workspaceId}","person_id":"${personId}","subjects":${JSON.stringify(person.subjects)},` +
        `"identifiers":${JSON.stringify(identifiers)},"traits":${flatJson(person.traits)},` +
        `"first_seen_at":${seconds(person.firstSeenAt)},"gone":false,"version":${version}}`
      )
    })
    .join('\n')

/** The map's rows for subjects that are not, or no longer, their own person. */
export const subjectPersonLines = (
  workspaceId: WorkspaceId,
  subjects: readonly { subjectId: SubjectId; personId: PersonId }[],
  version: number,
): string =>
  subjects
    .map(
      ({ subjectId, personId }) =>
        `{"workspace_id":"${workspaceId}","subject_id":"${subjectId}","person_id":"${personId}","version":${version}}`,
    )
    .join('\n')

export const orderLines = (workspaceId: WorkspaceId, orders: readonly OrderRow[], version: number): string =>
  orders
    .map((order) =>
      JSON.stringify({
        workspace_id: workspaceId,
        order_id: order.orderId.toWellFormed(),
        subject_id: order.subjectId,
        ordered_at: (order.orderedAt / 1_000).toFixed(3),
        currency: order.currency ?? '',
        gross_minor: order.grossMinor,
        refunded_minor: order.refundedMinor,
        cancelled: order.cancelled,
        version,
      }),
    )
    .join('\n')
