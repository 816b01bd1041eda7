import type { ProcessReport } from './operations/index.ts'
import { readSupervisorMessage } from './supervisor/index.ts'

/** What the supervisor last told this process about all of them; nothing where it was started by hand. */
export const listenToSupervisor = (): (() => ProcessReport) => {
  let report: ProcessReport = { processes: [], failures: new Map() }
  process.on('message', (raw) => {
    const message = readSupervisorMessage(raw)
    if (message === null) return
    report = {
      processes: message.processes,
      failures: new Map(message.failures.map(({ stage, ...failure }) => [stage, failure])),
    }
  })
  return () => report
}
