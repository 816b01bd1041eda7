import { Command } from 'commander'
import { createLog, startEngines } from '../main.ts'
import { configOf, withDataOption } from './command-config.ts'

export const migrateCommand = (): Command =>
  withDataOption(new Command('migrate'))
    .description('Bring the tables of both stores up to date, then stop; "start" does the same by itself')
    .action(async (options: unknown) => {
      const config = configOf(options)
      const engines = await startEngines(config, createLog(config, 'migrate'))
      process.stdout.write(`  The tables are up to date: ${engines.titles.join(', ')}\n`)
      await engines.stop()
    })
