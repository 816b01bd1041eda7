import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { z } from 'zod'
import { readArchivedSecret, restoreBackup } from '../backup/index.ts'
import type { Config } from '../config.ts'
import { brandAs, OperatorError, type WorkspaceId } from '../kernel/index.ts'
import { openRooms } from '../main.ts'
import { configOf, withDataOption } from './command-config.ts'
import { ownerUrlOf, refuseWhileRunning, withEngines } from './engines-at-hand.ts'

/** The workspaces whose sending the restore has held, and that were free to send before. */
const heldFile = z.array(z.uuid())
const heldPath = (config: Config): string => join(config.dataFolder, 'restored-workspaces.json')

export const restoreCommand = (): Command =>
  withDataOption(new Command('restore'))
    .description('Put a backup into a new data folder. The copy sends nothing until --confirm-sending')
    .argument('[folder]', 'what "baton backup" wrote')
    .option('--confirm-sending', 'the original is gone, so let this copy send')
    .action(async (folder: string | undefined, options: { confirmSending?: boolean }) => {
      const config = configOf(options)
      if (options.confirmSending === true) return confirmSending(config)
      if (folder === undefined)
        throw new OperatorError('Name the folder of the backup: baton restore FOLDER --data NEW')
      await restore(config, resolve(process.env['INIT_CWD'] ?? process.cwd(), folder))
    })

const restore = async (config: Config, folder: string): Promise<void> => {
  refuseWhileRunning(config, 'a restore')
  await withEngines(config, async (connections) => {
    await restoreBackup({
      ownerUrl: ownerUrlOf(connections),
      folder,
      onTable: ({ name, rows }) => process.stdout.write(`  ${name.padEnd(28)} ${rows} rows\n`),
    })
    const secret = readArchivedSecret(folder)
    if (secret !== null && config.secret === null)
      writeFileSync(join(config.dataFolder, 'secret'), secret, { mode: 0o600, flush: true })
    const rooms = await openRooms(config, connections)
    try {
      const held: WorkspaceId[] = []
      for (const { workspaceId } of await rooms.workspaces.list()) {
        if ((await rooms.policy.settings(workspaceId)).killSwitch) continue
        await rooms.policy.changeSettings(workspaceId, { killSwitch: true }, 'system')
        held.push(workspaceId)
      }
      writeFileSync(heldPath(config), JSON.stringify(held), { mode: 0o600, flush: true })
    } finally {
      await rooms.close()
    }
  })
  process.stdout.write(
    '\n  Restored. Nothing is sent from this copy: every workspace has its kill switch on.\n' +
      '  When the original no longer runs: npm run baton -- restore --confirm-sending\n',
  )
}

const confirmSending = async (config: Config): Promise<void> => {
  if (!existsSync(heldPath(config)))
    throw new OperatorError(`${config.dataFolder} holds no restored copy that waits to send.`)
  const held = heldFile.parse(JSON.parse(readFileSync(heldPath(config), 'utf8')))
  await withEngines(config, async (connections) => {
    const rooms = await openRooms(config, connections)
    try {
      for (const id of held)
        await rooms.policy.changeSettings(brandAs<WorkspaceId>(id), { killSwitch: false }, 'system')
    } finally {
      await rooms.close()
    }
  })
  rmSync(heldPath(config))
  process.stdout.write(`  ${held.length} workspaces may send again.\n`)
}
