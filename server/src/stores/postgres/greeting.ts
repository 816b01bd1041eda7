import { connect } from 'node:net'
import { join } from 'node:path'

/** What every client may ask first (SSLRequest, PostgreSQL's protocol, "Message Formats"): the answer is one byte. */
const question = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

/**
 * `answers`: the server took the connection and made a process for it, which reads no table and waits for no lock; so
 * does one that recovers, that has no connection left or that waits for its disk. `silent`: it did not in time. `away`:
 * nobody listens, which the end of its process says.
 */
export type Greeting = 'answers' | 'silent' | 'away'

export const greet = (socketFolder: string, withinMs: number): Promise<Greeting> =>
  new Promise((resolve) => {
    const socket = connect(join(socketFolder, '.s.PGSQL.5432'))
    const say = (greeting: Greeting): void => {
      clearTimeout(late)
      socket.destroy()
      resolve(greeting)
    }
    const late = setTimeout(() => say('silent'), withinMs)
    socket.once('connect', () => socket.write(question))
    socket.once('data', () => say('answers'))
    socket.once('end', () => say('answers'))
    // As many wait already as the system lets wait: nobody takes them.
    socket.on('error', (error) => say('code' in error && error.code === 'EAGAIN' ? 'silent' : 'away'))
  })

export interface Patience {
  readonly everyMs: number
  readonly answerWithinMs: number
  /** So many questions in a row without an answer; a process of ours that slept itself finds one at most. */
  readonly silences: number
}

export const patienceWithHung: Patience = { everyMs: 10_000, answerWithinMs: 15_000, silences: 6 }

/** Calls `onHung`, and waits for it, whenever the server was silent for so long; answers how to stop watching. */
export const watchGreeting = (
  ask: (withinMs: number) => Promise<Greeting>,
  { everyMs, answerWithinMs, silences }: Patience,
  onHung: () => Promise<void>,
): (() => void) => {
  let inARow = 0
  let timer: NodeJS.Timeout | null = null
  let isOver = false
  const look = async (): Promise<void> => {
    inARow = (await ask(answerWithinMs)) === 'silent' ? inARow + 1 : 0
    if (inARow >= silences && !isOver) {
      await onHung()
      inARow = 0
    }
    if (!isOver) timer = setTimeout(() => void look(), inARow > 0 ? 0 : everyMs)
    timer?.unref()
  }
  timer = setTimeout(() => void look(), everyMs)
  timer.unref()
  return () => {
    isOver = true
    if (timer !== null) clearTimeout(timer)
  }
}
