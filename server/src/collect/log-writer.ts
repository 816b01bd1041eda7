import { setTimeout as delay } from 'node:timers/promises'
import type { Lane } from '../jobs/index.ts'
import { type Clock, crashPoint, type Position, RetryableError, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { encodeBatch, type LoggedRequest } from './frame.ts'
import { commitLogBatch } from './log-store.ts'

interface Waiting {
  readonly request: LoggedRequest
  readonly eventCount: number
  readonly resolve: (position: Position) => void
  readonly reject: (error: unknown) => void
}

interface Queue {
  waiting: Waiting[]
  flushing: boolean
  /** When the last flush began, and when somebody last came while one was under way; on the process's own clock. */
  begunAt: number
  metAt: number
}

const mostEventsPerFlush = 2_000
const mostBytesPerFlush = 4 * 1024 * 1024
/** A commit, and all that follows it, costs the same for one request as for many. */
const gatherMs = 10
/** Where requests met so lately, more will. */
const meetingMs = 200
const defaultMostBytesWaiting = 64 * 1024 * 1024

/** Too much is waiting to be committed; the client should come again. */
export class BusyError extends RetryableError {
  constructor() {
    super('More events are waiting to be stored than fit in memory; send again in a second', 1_000)
  }
}

export interface LogWriter {
  /** What one writer of many requests may have waiting at once, so that it leaves room for the others. */
  readonly bytesAtOnce: number
  /** Resolves when the request's batch has committed; only then may it be acknowledged. */
  append(workspaceId: WorkspaceId, lane: Lane, request: LoggedRequest, eventCount: number): Promise<Position>
  /** Waits for what is under way. */
  drain(): Promise<void>
}

/**
 * Commits requests in groups: while one flush of a workspace is under way, what arrives gathers for the next. Where
 * requests meet like this, one flush begins every 10 ms at most; a client that sends one after the other waits for nobody.
 */
export const createLogWriter = (deps: {
  readonly postgres: Postgres
  readonly clock: Clock
  /** Of all requests that wait in this process; above it they are refused. */
  readonly mostBytesWaiting?: number
}): LogWriter => {
  const mostBytesWaiting = deps.mostBytesWaiting ?? defaultMostBytesWaiting
  const queues = new Map<string, Queue>()
  const flushes = new Set<Promise<void>>()
  let bytesWaiting = 0
  let notifying: Promise<void> | undefined
  let notifyAgain = false

  const notify = () => {
    if (notifying) {
      notifyAgain = true
      return
    }
    notifying = deps.postgres
      .notify('log')
      .catch(() => undefined) // workers look every second anyway
      .finally(() => {
        notifying = undefined
        if (notifyAgain) {
          notifyAgain = false
          notify()
        }
      })
  }

  const takeGroup = (queue: Queue): Waiting[] => {
    let events = 0
    let bytes = 0
    let count = 0
    for (const { eventCount, request } of queue.waiting) {
      events += eventCount
      bytes += request.body.length
      if (count > 0 && (events > mostEventsPerFlush || bytes > mostBytesPerFlush)) break
      count += 1
    }
    return queue.waiting.splice(0, count)
  }

  const gather = async (queue: Queue): Promise<void> => {
    const now = performance.now()
    const waitMs = queue.begunAt + gatherMs - now
    if (waitMs > 0 && now - queue.metAt < meetingMs) await delay(waitMs)
    queue.begunAt = performance.now()
  }

  const flushGroup = async (workspaceId: WorkspaceId, lane: Lane, group: readonly Waiting[]) => {
    try {
      const payload = encodeBatch(group.map((each) => each.request))
      const eventCount = group.reduce((sum, each) => sum + each.eventCount, 0)
      const { position } = await commitLogBatch(deps.postgres, workspaceId, lane, () => {
        const receivedAt = deps.clock.now()
        return { receivedAt, eventCount, payload, storedOn: new Date(receivedAt).toISOString().slice(0, 10) }
      })
      crashPoint('collect.committed-before-answer')
      for (const each of group) each.resolve(position)
      notify()
    } catch (error) {
      for (const each of group) each.reject(error)
    } finally {
      for (const each of group) bytesWaiting -= each.request.body.length
    }
  }

  const flush = async (workspaceId: WorkspaceId, lane: Lane, queue: Queue) => {
    while (queue.waiting.length > 0) {
      await gather(queue)
      await flushGroup(workspaceId, lane, takeGroup(queue))
    }
    queue.flushing = false
  }

  return {
    bytesAtOnce: mostBytesWaiting / 16,
    append: (workspaceId, lane, request, eventCount) => {
      if (bytesWaiting + request.body.length > mostBytesWaiting) return Promise.reject(new BusyError())
      bytesWaiting += request.body.length
      const key = `${workspaceId} ${lane}`
      const queue = queues.get(key) ?? { waiting: [], flushing: false, begunAt: 0, metAt: Number.NEGATIVE_INFINITY }
      queues.set(key, queue)
      return new Promise<Position>((resolve, reject) => {
        queue.waiting.push({ request, eventCount, resolve, reject })
        if (queue.flushing) {
          queue.metAt = performance.now()
          return
        }
        queue.flushing = true
        const flushed = flush(workspaceId, lane, queue).finally(() => flushes.delete(flushed))
        flushes.add(flushed)
      })
    },
    drain: async () => {
      await Promise.allSettled([...flushes])
    },
  }
}
