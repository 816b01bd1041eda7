import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { takeBackup } from '../backup/index.ts'
import { systemClock } from '../kernel/index.ts'
import { configOf, withDataOption } from './command-config.ts'
import { ownerUrlOf, withEngines } from './engines-at-hand.ts'
import { givenPath } from './given-path.ts'
import { version } from './version.ts'

export const backupCommand = (): Command =>
  withDataOption(new Command('backup'))
    .description('Write everything in PostgreSQL, the log included, to a new folder; the server may run meanwhile')
    .argument('<folder>', 'a folder that does not exist yet')
    .action(async (folder: string, options: unknown) => {
      const config = configOf(options)
      const to = givenPath(folder)
      const manifest = await withEngines(config, (connections) =>
        takeBackup({
          ownerUrl: ownerUrlOf(connections),
          folder: to,
          version,
          at: systemClock.now(),
          secret: config.secret ?? secretIn(config.dataFolder),
          onTable: ({ name, rows }) => process.stdout.write(`  ${name.padEnd(28)} ${rows} rows\n`),
        }),
      )
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
      process.stdout.write(
        `\n  ${rows} rows of ${manifest.tables.length} tables are in ${to}.\n` +
          '  It holds personal data and the secret that signs links: keep it as safe as the server.\n',
      )
    })

const secretIn = (dataFolder: string): string | null => {
  const path = join(dataFolder, 'secret')
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}
