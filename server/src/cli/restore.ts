import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { readArchivedSecret, readHeld, restoreBackup } from '../backup/index.ts'
import type { Config } from '../config.ts'
import { crashPoint, OperatorError, systemClock } from '../kernel/index.ts'
import { honourErasures, openRooms } from '../main.ts'
import { readNamedTombstones, readTombstoneFile, writeTombstones } from '../privacy/index.ts'
import { createClickHouse } from '../stores/index.ts'
import { configOf, withDataOption } from './command-config.ts'
import { ownerUrlOf, refuseWhileRunning, withEngines } from './engines-at-hand.ts'
import { givenPath } from './given-path.ts'

export const restoreCommand = (): Command =>
  withDataOption(new Command('restore'))
    .description('Put a backup into a new data folder. The copy sends nothing until --confirm-sending')
    .argument('[folder]', 'what "baton backup" wrote')
    .option('--confirm-sending', 'the original is gone, so let this copy send')
    .option(
      '--send-what-was-due',
      'with --confirm-sending: what was due since the backup, too; the original never sent it',
    )
    .option('--erasures <file>', 'erasures.jsonl of the original: who was erased after the backup stays so')
    .action(async (folder: string | undefined, options: RestoreOptions) => {
      const config = configOf(options)
      if (options.confirmSending === true) return confirmSending(config, options.sendWhatWasDue === true)
      if (options.sendWhatWasDue === true)
        throw new OperatorError('--send-what-was-due goes with --confirm-sending: give both.')
      if (folder === undefined)
        throw new OperatorError('Name the folder of the backup: baton restore FOLDER --data NEW')
      const erasures = options.erasures === undefined ? null : givenPath(options.erasures)
      await restore(config, givenPath(folder), erasures)
    })

interface RestoreOptions {
  readonly confirmSending?: boolean
  readonly sendWhatWasDue?: boolean
  readonly erasures?: string
}

const restore = async (config: Config, folder: string, erasures: string | null): Promise<void> => {
  refuseWhileRunning(config, 'a restore')
  // In its place first: cut off after the rows are there, the next start finds it.
  if (erasures !== null) await writeTombstones(config.dataFolder, await readNamedTombstones(erasures))
  const hidden = await withEngines(config, async (connections) => {
    const clickhouse = createClickHouse({ url: connections.clickhouseUrl })
    try {
      await restoreBackup({
        ownerUrl: ownerUrlOf(connections),
        clickhouse,
        folder,
        at: systemClock.now(),
        onTable: ({ name, rows }) => process.stdout.write(`  ${name.padEnd(28)} ${rows} rows\n`),
        beforeCommit: () => putSecret(config, readArchivedSecret(folder)),
      })
    } finally {
      await clickhouse.close()
    }
    return honourErasures(config, connections)
  })
  process.stdout.write(
    '\n  Restored. Nothing is sent from this copy: every workspace has its kill switch on.\n' +
      '  When the original no longer runs: npm run baton -- restore --confirm-sending\n',
  )
  process.stdout.write(
    hidden > 0
      ? `  ${hidden === 1 ? '1 person' : `${hidden} people`} whose data was erased after the backup ${hidden === 1 ? 'is' : 'are'} hidden again.\n`
      : (await readTombstoneFile(config.dataFolder)).length > 0
        ? ''
        : '  People whose data was erased after the backup are in it again. To hide them: --erasures with the erasures.jsonl of the original.\n',
  )
}

/** Before the rows can be seen: without it nothing that was kept encrypted could be opened, nor a link in a mail. */
const putSecret = (config: Config, secret: string | null): void => {
  if (secret === null || config.secret !== null) return
  mkdirSync(config.dataFolder, { recursive: true })
  writeFileSync(join(config.dataFolder, 'secret'), secret, { mode: 0o600, flush: true })
}

/** Begun again after a crash in the middle, it goes on with the workspaces that are left. */
const confirmSending = async (config: Config, sendsWhatWasDue: boolean): Promise<void> => {
  const { freed, doubtful } = await withEngines(config, async (connections) => {
    const rooms = await openRooms(config, connections)
    try {
      const held = await rooms.postgres.inGlobal(readHeld)
      let doubtful = 0
      for (const { workspaceId } of held) {
        doubtful += await rooms.messages.settleDoubt(workspaceId, sendsWhatWasDue)
        crashPoint('restore.settled-one')
        await rooms.policy.endRestoreHold(workspaceId)
        crashPoint('restore.freed-one')
      }
      return { freed: held, doubtful }
    } finally {
      await rooms.close()
    }
  })
  if (freed.length === 0)
    throw new OperatorError(
      `${config.dataFolder} holds no restored copy that waits to send. A kill switch that somebody turned on herself is turned off in the console, under Settings.`,
    )
  const stopped = freed.filter(({ turnedOn }) => !turnedOn).length
  process.stdout.write(
    `  ${workspaces(freed.length)} may send again.\n${stopped === 0 ? '' : `  In ${workspaces(stopped)} of them the kill switch was on in the original, and still is.\n`}`,
  )
  process.stdout.write(
    sendsWhatWasDue
      ? `  ${messages(doubtful)} that fell due since the backup ${doubtful === 1 ? 'goes' : 'go'} out now; so does what the copy still makes up for.\n`
      : `  ${messages(doubtful)} that fell due since the backup ${doubtful === 1 ? 'is' : 'are'} uncertain: the original may have sent ${doubtful === 1 ? 'it' : 'them'}, so this copy does not.\n` +
          '  What the copy still makes up for joins them. They are listed under Messages.\n',
  )
}

const workspaces = (count: number): string => (count === 1 ? '1 workspace' : `${count} workspaces`)
const messages = (count: number): string => (count === 1 ? '1 message' : `${count} messages`)
