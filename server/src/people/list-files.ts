import { liveEvent, personListItem, timelineItem } from '@baton/contract'
import { csvOf, isoTime } from '../http/index.ts'
import { toMajor } from '../kernel/index.ts'

/** People, events and timelines as files. */
export const peopleCsv = csvOf('people', personListItem, {
  personId: (row) => row.personId,
  name: (row) => row.title,
  email: (row) => row.email,
  identity: (row) => row.states.identity,
  brand: (row) => row.states.brand,
  conversion: (row) => row.states.conversion,
  revenue: (row) => row.revenue && toMajor(row.revenue),
  currency: (row) => row.revenue?.currency,
  firstSeenAt: (row) => isoTime(row.firstSeenAt),
  lastSeenAt: (row) => isoTime(row.lastSeenAt),
})

export const eventsCsv = csvOf('events', liveEvent, {
  receivedAt: (row) => isoTime(row.receivedAt),
  occurredAt: (row) => isoTime(row.occurredAt),
  type: (row) => row.type,
  name: (row) => row.name,
  verdict: (row) => row.verdict,
  reason: (row) => row.reason,
  historic: (row) => row.historic,
  personId: (row) => row.personId,
  messageId: (row) => row.messageId,
  position: (row) => `${row.position}.${row.index}`,
  sent: (row) => JSON.stringify(row.raw),
})

export const timelineCsv = csvOf('timeline', timelineItem, {
  at: (row) => isoTime(row.at),
  kind: (row) => row.kind,
  title: (row) => row.title,
  detail: (row) => row.detail,
  id: (row) => row.id,
  data: (row) => JSON.stringify(row.data),
})
