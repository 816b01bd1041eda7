import { Command } from 'commander'
import { startApi } from '../main.ts'
import { runUntilStopped, tellSupervisor } from './child-process.ts'
import { configOf, withListenOptions } from './command-config.ts'
import { root, version } from './version.ts'

export const apiCommand = (): Command =>
  withListenOptions(new Command('api'))
    .description('Only the HTTP server; any number may run on DATABASE_URL and CLICKHOUSE_URL')
    .action(async (options: unknown) => {
      const config = configOf(options)
      await runUntilStopped(async () => {
        const api = await startApi({ config, root, version })
        tellSupervisor({ kind: 'ready', address: api.address, firstRunToken: api.firstRunToken })
        return api
      })
    })
