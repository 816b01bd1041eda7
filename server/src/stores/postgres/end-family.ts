import { setTimeout as delay } from 'node:timers/promises'
import { childrenOf, startOf } from '../process-table.ts'

/**
 * Ends a server that heeds nothing any more, and resolves when every process of it is gone; its next start recovers. Its
 * processes go first: each leads a session of its own, a halted one never notices that the server is gone, and while one
 * is left it holds the shared memory that the next start needs.
 */
export const endFamily = async (postmaster: number): Promise<void> => {
  const began = startOf(postmaster)
  if (began === null) return
  const isThere = () => startOf(postmaster) === began
  // Halted, it starts no further one meanwhile.
  signal(postmaster, 'SIGSTOP')
  for (let left = childrenOf(postmaster); isThere() && left.length > 0; left = childrenOf(postmaster)) {
    for (const pid of left) signal(pid, 'SIGKILL')
    await delay(lookEveryMs)
  }
  if (isThere()) signal(postmaster, 'SIGKILL')
  while (isThere()) await delay(lookEveryMs)
}

const lookEveryMs = 20

export const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch {
    // Gone already: what was wanted.
  }
}
