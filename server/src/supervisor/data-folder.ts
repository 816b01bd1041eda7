import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processState } from '@baton/contract'
import { z } from 'zod'
import { OperatorError } from '../kernel/index.ts'
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts'

/** One server per data folder: who holds it, and what the former holder left behind. */
export interface Claim {
  /** Processes of a server that ended without stopping them and that still run. */
  readonly leftBehind: readonly (ProcessIdentity & { readonly name: string })[]
  /** Writes down what runs now, for `doctor` and for the next start. */
  record(running: Running): void
  release(): void
}

const processIdentity = z.object({ pid: z.int(), began: z.string() })
const running = z.object({
  address: z.string().nullable(),
  startedAt: z.int(),
  processes: z.array(processState.extend(processIdentity.shape)),
})
/** What a running server says about its own processes. */
export type Running = z.infer<typeof running>

const lockName = 'server.lock'
const runningName = 'running.json'

/**
 * Takes the folder, making it if needed; throws an OperatorError with the owner's pid when a live server holds it.
 * A hard link is made in one step or not at all, so of two starts at the same instant one wins.
 */
export const claimDataFolder = (dataFolder: string): Claim => {
  mkdirSync(dataFolder, { recursive: true })
  const lock = join(dataFolder, lockName)
  const mine = join(dataFolder, `${lockName}.${process.pid}`)
  const self = identityOf(process.pid)
  writeFileSync(mine, JSON.stringify(self))
  try {
    for (let attempt = 0; ; attempt += 1) {
      if (tryLink(mine, lock)) break
      const owner = ownerOf(dataFolder)
      if (owner !== null && isAlive(owner)) {
        throw new OperatorError(
          `Baton already runs on ${dataFolder} (process ${owner.pid}). Stop it with Ctrl-C in its terminal or "kill ${owner.pid}", or choose another folder with --data.`,
        )
      }
      if (attempt > 5) throw new OperatorError(`Could not take ${lock}. Remove that file if no Baton runs there.`)
      setAside(lock, owner, mine)
    }
  } finally {
    rmSync(mine, { force: true })
  }
  const leftBehind = (readRunning(dataFolder)?.processes ?? []).filter(({ pid }) => pid !== self.pid).filter(isAlive)
  return {
    leftBehind,
    record: (now) => writeWhole(join(dataFolder, runningName), JSON.stringify(now, null, 2)),
    release: () => {
      rmSync(join(dataFolder, runningName), { force: true })
      if (ownerOf(dataFolder)?.pid === self.pid) rmSync(lock, { force: true })
    },
  }
}

/** The live or dead process that wrote the lock; null when there is none. */
export const ownerOf = (dataFolder: string): ProcessIdentity | null => {
  try {
    return processIdentity.parse(JSON.parse(readFileSync(join(dataFolder, lockName), 'utf8')))
  } catch {
    return null
  }
}

export const readRunning = (dataFolder: string): Running | null => {
  try {
    return running.parse(JSON.parse(readFileSync(join(dataFolder, runningName), 'utf8')))
  } catch {
    return null
  }
}

/** Moves a dead owner's lock away. If another start has replaced it meanwhile, that one's lock is put back. */
const setAside = (lock: string, dead: ProcessIdentity | null, mine: string): void => {
  const aside = `${mine}.stale`
  try {
    renameSync(lock, aside)
  } catch {
    return
  }
  let moved: unknown = null
  try {
    moved = processIdentity.safeParse(JSON.parse(readFileSync(aside, 'utf8'))).data ?? null
  } catch {
    // Unreadable, as it was when we looked: nobody's.
  }
  if (JSON.stringify(moved) !== JSON.stringify(dead)) tryLink(aside, lock)
  rmSync(aside, { force: true })
}

const tryLink = (from: string, to: string): boolean => {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw new OperatorError(`Could not write ${to}. Is the disk full, or the folder read-only?`, { cause: error })
  }
}

const writeWhole = (path: string, text: string): void => {
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}
