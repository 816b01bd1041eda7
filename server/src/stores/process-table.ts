import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const hasProc = existsSync('/proc/self/stat')

/** When a process began, in the system's own words; null: there is none. With its id it names a process for ever. */
export const startOf = (pid: number): string | null => {
  if (!hasProc) return ps(pid, 'lstart=')
  // The name of the program, in parentheses, may hold spaces; the start time is the 20th field after it.
  const stat = readProc(`/proc/${pid}/stat`)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  // A zombie has ended; only its parent has not asked yet.
  return fields === undefined || fields[0] === 'Z' ? null : (fields[19] ?? '')
}

/** The command line a process was started with; null: there is none. */
export const commandOf = (pid: number): string | null =>
  hasProc ? (readProc(`/proc/${pid}/cmdline`)?.replaceAll('\u0000', ' ') ?? null) : ps(pid, 'args=')

const readProc = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

const ps = (pid: number, field: string): string | null => {
  const { status, stdout } = spawnSync('ps', ['-o', field, '-p', String(pid)], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' },
  })
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : null
}
