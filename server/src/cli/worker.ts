import { Command } from 'commander'
import { startWorker } from '../main.ts'
import { runUntilStopped, tellSupervisor } from './child-process.ts'
import { configOf, withDataOption } from './command-config.ts'
import { root, version } from './version.ts'

const tellFailuresEveryMs = 2_000

export const workerCommand = (): Command =>
  withDataOption(new Command('worker'))
    .description('Only the stages of the data flow; any number may run on DATABASE_URL and CLICKHOUSE_URL')
    .action(async (options: unknown) => {
      const config = configOf(options)
      await runUntilStopped(async () => {
        const worker = await startWorker({ config, root, version })
        if (worker.isSampleLeft) tellSupervisor({ kind: 'sample-left' })
        tellSupervisor({ kind: 'ready', address: null, firstRunToken: null })
        const timer = setInterval(() => {
          const failures = [...worker.failures()].map(([stage, failure]) => ({ stage, ...failure }))
          if (failures.length > 0) tellSupervisor({ kind: 'failures', failures })
        }, tellFailuresEveryMs)
        return {
          stop: async () => {
            clearInterval(timer)
            await worker.stop()
          },
        }
      })
    })
