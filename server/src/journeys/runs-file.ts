import { runSummary } from '@baton/contract'
import { csvOf, isoTime } from '../http/index.ts'

/** The runs of a journey as a file. */
export const runsCsv = csvOf('runs', runSummary, {
  runId: (row) => row.runId,
  journey: (row) => row.journeyName,
  version: (row) => row.version,
  personId: (row) => row.personId,
  entryKey: (row) => row.entryKey,
  state: (row) => row.state,
  reason: (row) => row.reason,
  stepId: (row) => row.stepId,
  enteredAt: (row) => isoTime(row.enteredAt),
  endedAt: (row) => isoTime(row.endedAt),
  dueAt: (row) => isoTime(row.dueAt),
  arrivedLate: (row) => row.arrivedLate,
})
