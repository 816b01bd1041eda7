import { messageSummary } from '@baton/contract'
import { csvOf, isoTime } from '../http/index.ts'

/** The send ledger as a file. */
export const messagesCsv = csvOf('messages', messageSummary, {
  messageId: (row) => row.messageId,
  personId: (row) => row.personId,
  to: (row) => row.to,
  subject: (row) => row.subject,
  state: (row) => row.state,
  reason: (row) => row.reason,
  channel: (row) => row.channel,
  topic: (row) => row.topic,
  purpose: (row) => row.purpose,
  phase: (row) => row.phase,
  journeyId: (row) => row.journeyId,
  runId: (row) => row.runId,
  stepId: (row) => row.stepId,
  templateId: (row) => row.templateId,
  plannedAt: (row) => isoTime(row.plannedAt),
  heldUntil: (row) => isoTime(row.heldUntil),
  changedAt: (row) => isoTime(row.changedAt),
  handedOverAt: (row) => isoTime(row.handedOverAt),
  openedAt: (row) => isoTime(row.openedAt),
  clickedAt: (row) => isoTime(row.clickedAt),
  repliedAt: (row) => isoTime(row.repliedAt),
  bouncedAt: (row) => isoTime(row.bouncedAt),
})
