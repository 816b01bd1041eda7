import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const hasProc = existsSync('/proc/self/stat')
/** Counted from the state. */
const startField = 19

/** When a process began, in the system's own words; null: there is none. With its id it names a process for ever. */
export const startOf = (pid: number): string | null => {
  if (!hasProc) return ps(pid, 'lstart=')
  const fields = fieldsOf(pid)
  return fields === null ? null : (fields[startField] ?? '')
}

/** The command line a process was started with; null: there is none. */
export const commandOf = (pid: number): string | null =>
  hasProc ? (readProc(`/proc/${pid}/cmdline`)?.replaceAll('\u0000', ' ') ?? null) : ps(pid, 'args=')

/** What a process started and what still runs. */
export const childrenOf = (parent: number): readonly number[] => {
  if (hasProc)
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        const fields = fieldsOf(pid)
        return fields !== null && Number(fields[1]) === parent
      })
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,state='], { encoding: 'utf8' })
  return stdout.split('\n').flatMap((line) => {
    const [pid, ppid, state = ''] = line.trim().split(/\s+/)
    return Number(ppid) === parent && !state.startsWith('Z') ? [Number(pid)] : []
  })
}

/** From its state on; null: there is no such process, or it has ended and only its parent has not asked yet. */
const fieldsOf = (pid: number): readonly string[] | null => {
  const stat = readProc(`/proc/${pid}/stat`)
  // The name of the program, in parentheses, may hold spaces.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? ['Z']
  return fields[0] === 'Z' ? null : fields
}

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
