import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Who a process is: its number alone may be given to another one later. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it began, in the words of this system; empty where that can't be read. */
  readonly began: string
}

export const identityOf = (pid: number): ProcessIdentity => ({ pid, began: beganAt(pid) })

/** Whether that very process still runs. */
export const isAlive = ({ pid, began }: ProcessIdentity): boolean => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const now = beganAt(pid)
  if (now === zombie) return false
  return began === '' || now === '' || now === began
}

const zombie = 'zombie'

const beganAt = (pid: number): string => {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The command name may hold spaces and brackets: the fields begin after its last bracket.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (fields[0] === 'Z' || fields[0] === 'X') return zombie
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
      return `${boot}:${fields[19] ?? ''}`
    } catch {
      return ''
    }
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}
