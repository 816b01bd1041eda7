import { Command } from 'commander'
import { takeBackup } from '../backup/index.ts'
import type { Config } from '../config.ts'
import { OperatorError, systemClock } from '../kernel/index.ts'
import { findOwnSecret } from '../main.ts'
import type { Connections } from '../supervisor/index.ts'
import { configOf, withDataOption } from './command-config.ts'
import { ownerUrlOf, withEngines } from './engines-at-hand.ts'
import { givenPath } from './given-path.ts'
import { version } from './version.ts'

export const backupCommand = (): Command =>
  withDataOption(new Command('backup'))
    .description('Write everything in PostgreSQL, the log included, to a new folder; the server may run meanwhile')
    .argument('<folder>', 'a folder that does not exist yet')
    .option('--without-secret', 'leave out the secret that signs links: it is kept elsewhere')
    .action(async (folder: string, options: { withoutSecret?: boolean }) => {
      const config = configOf(options)
      const to = givenPath(folder)
      const { manifest, secret } = await withEngines(config, async (connections) => {
        const secret = options.withoutSecret === true ? null : await secretToKeep(config, connections)
        const manifest = await takeBackup({
          ownerUrl: ownerUrlOf(connections),
          folder: to,
          version,
          at: systemClock.now(),
          secret,
          onTable: ({ name, rows }) => process.stdout.write(`  ${name.padEnd(28)} ${rows} rows\n`),
        })
        return { manifest, secret }
      })
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
      process.stdout.write(
        `\n  ${rows} rows of ${manifest.tables.length} tables are in ${to}.\n` +
          (secret === null
            ? '  It holds personal data: keep it as safe as the server. The secret is not in it: who restores it sets BATON_SECRET to the one of today.\n'
            : '  It holds personal data and the secret that signs links: keep it as safe as the server.\n'),
      )
    })

/** Without it a restored copy can open nothing that was kept encrypted, nor a link in a mail that was sent. */
const secretToKeep = async (config: Config, connections: Connections): Promise<string> => {
  const secret = await findOwnSecret(config, connections)
  if (secret !== null) return secret
  throw new OperatorError(
    `The secret that signs links is not here: BATON_SECRET is not set, and ${config.dataFolder} has no file "secret". Set BATON_SECRET to the value that the server has, or give --without-secret if you keep it elsewhere: nothing was backed up.`,
  )
}
