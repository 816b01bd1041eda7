import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineLog, EngineStatus, RunningEngine } from '../engine.ts'
import { assertReachable, postgresBinaries, serverUser } from './binaries.ts'
import { keptCredentials } from './credentials.ts'
import { greet, type Patience, patienceWithHung, watchGreeting } from './greeting.ts'
import { prepareDatabase } from './prepare-database.ts'
import { initialise, makeSocketFolder } from './server-folder.ts'
import { endNow, exitOf, launch, postmasterPid, shutDown } from './server-process.ts'

export interface StartPostgres {
  /** Absolute; holds `data/`, the passwords and, if its path is short enough, the socket. */
  readonly folder: string
  readonly log: EngineLog
  /** With a server that does not answer at all, until it is ended. */
  readonly patience?: Patience
}

export interface EmbeddedPostgres extends RunningEngine {
  /** The role the program works with: no superuser, owns nothing. */
  readonly appUrl: string
  /** The role that owns the tables; only for migrations. */
  readonly ownerUrl: string
  /** For the harness: creates databases. */
  readonly adminUrl: string
}

const embeddedDatabase = 'baton'

/** Starts the embedded PostgreSQL (a real one, on a Unix socket only) and keeps it running: one that dies or hangs is started again. */
export const startPostgres = async ({
  folder,
  log,
  patience = patienceWithHung,
}: StartPostgres): Promise<EmbeddedPostgres> => {
  const user = serverUser()
  mkdirSync(folder, { recursive: true })
  const home = join(folder, 'server')
  mkdirSync(home, { recursive: true })
  if (user !== null) {
    chownSync(home, user.uid, user.gid)
    chmodSync(folder, 0o711)
  }
  chmodSync(home, 0o700)
  const binaries = postgresBinaries(user, folder)
  assertReachable(user, binaries, home)
  const dataFolder = join(home, 'data')
  const socketFolder = makeSocketFolder(home, user)
  const passwords = keptCredentials(join(folder, 'credentials.json'))
  await initialise(dataFolder, home, binaries, user, passwords)

  const server = { binaries, user, dataFolder, socketFolder, log }
  let status: EngineStatus = 'restarting'
  let stopping = false
  let restarts = 0
  /** Until every process of a server that hung is gone, no other is started. */
  let ending: Promise<void> = Promise.resolve()
  let running = await launch(server)
  const urlOf = (role: string, password: string, database = embeddedDatabase) =>
    `postgres://${role}:${password}@localhost/${database}?host=${encodeURIComponent(socketFolder)}`
  const adminUrl = urlOf('baton_admin', passwords.admin, 'postgres')
  await prepareDatabase(adminUrl, passwords)
  status = 'running'

  const keep = async (): Promise<void> => {
    while (!stopping) {
      const how = await exitOf(running.guard)
      await ending
      running.guard.stdio[3]?.destroy()
      if (stopping) return
      status = 'restarting'
      log.warn({ engine: 'postgres', ...how }, 'the embedded PostgreSQL ended; starting it again')
      for (let attempt = 0; !stopping; attempt += 1) {
        try {
          running = await launch(server)
          restarts += 1
          status = 'running'
          break
        } catch (error) {
          const waitMs = Math.min(10_000, 200 * 2 ** attempt)
          log.error({ engine: 'postgres', reason: String(error), waitMs }, 'the embedded PostgreSQL did not start')
          await delay(waitMs)
        }
      }
    }
  }
  const kept = keep()
  const stopWatching = watchGreeting(
    (withinMs) => (status === 'running' ? greet(socketFolder, withinMs) : Promise.resolve('away')),
    patience,
    () => {
      if (status === 'running') {
        log.warn({ engine: 'postgres' }, 'the embedded PostgreSQL does not answer; ending it')
        ending = endNow(running.guard, server)
      }
      return ending
    },
  )

  return {
    kind: 'postgres',
    where: folder,
    adminUrl,
    ownerUrl: urlOf('baton_owner', passwords.owner),
    appUrl: urlOf('baton_app', passwords.app),
    pid: () => postmasterPid(dataFolder),
    status: () => status,
    restarts: () => restarts,
    stop: async () => {
      stopping = true
      stopWatching()
      await ending
      await shutDown(running.guard, server)
      await kept
      // A restart may have been under way.
      await shutDown(running.guard, server)
      status = 'stopped'
    },
  }
}
