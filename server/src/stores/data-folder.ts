import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { OperatorError } from '../kernel/index.ts'
import { startOf } from './process-table.ts'

const owner = z.object({ pid: z.number().int().positive(), startedAt: z.string() })
type Owner = z.infer<typeof owner>

/**
 * Takes the data folder for this process, or says who has it. The lock names the process by id and start time, so that
 * one left behind by a killed process does not stand in the way, even when its id is used again.
 */
export const lockDataFolder = async (folder: string): Promise<() => void> => {
  mkdirSync(folder, { recursive: true })
  // The embedded PostgreSQL may run as another user, who must be able to pass through.
  if (process.getuid?.() === 0) chmodSync(folder, 0o711)
  const file = join(folder, 'owner.json')
  const mine: Owner = { pid: process.pid, startedAt: startOf(process.pid) ?? '' }
  for (let attempt = 0; ; attempt += 1) {
    if (create(file, JSON.stringify(mine))) {
      // Two starts may find the same stale lock: whoever took it last keeps it.
      if (attempt > 0) await delay(settleMs)
      if (isSame(read(file), mine)) return () => release(file, mine)
    }
    const holder = read(file)
    if (holder !== null && isAlive(holder))
      throw new OperatorError(
        `The data folder ${folder} is in use by process ${holder.pid}. Stop that one first (kill ${holder.pid}), or choose another folder with BATON_DATA.`,
      )
    if (attempt > 5) throw new OperatorError(`The lock ${file} can't be taken. Delete it if no Baton runs.`)
    rmSync(file, { force: true })
  }
}

const settleMs = 100

const isSame = (a: Owner | null, b: Owner): boolean => a?.pid === b.pid && a.startedAt === b.startedAt

const create = (file: string, text: string): boolean => {
  try {
    const handle = openSync(file, 'wx', 0o600)
    writeSync(handle, text)
    closeSync(handle)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw new OperatorError(
      `The data folder's lock ${file} can't be written. Choose a folder you own with BATON_DATA.`,
      {
        cause: error,
      },
    )
  }
}

const read = (file: string): Owner | null => {
  try {
    return owner.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

const release = (file: string, mine: Owner): void => {
  if (isSame(read(file), mine)) rmSync(file, { force: true })
}

const isAlive = ({ pid, startedAt }: Owner): boolean => {
  const started = startOf(pid)
  return started !== null && (startedAt === '' || started === startedAt)
}
