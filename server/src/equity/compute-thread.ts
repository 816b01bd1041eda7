import { Worker } from 'node:worker_threads'
import { BugError, RetryableError } from '../kernel/index.ts'
import type { EquityTaskName, EquityTasks } from './equity-task.ts'

/** Computes beside the thread that answers requests; tasks run one after another. */
export interface ComputeThread {
  run<Name extends EquityTaskName>(name: Name, input: EquityTasks[Name]['input']): Promise<EquityTasks[Name]['output']>
  close(): Promise<void>
}

interface Waiting {
  readonly resolve: (output: never) => void
  readonly reject: (error: unknown) => void
}

/** Started with the first task, started anew after one that ended it. It keeps no process alive. */
export const createComputeThread = (): ComputeThread => {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let lastId = 0
  let isClosed = false

  const failAll = (error: Error) => {
    worker = undefined
    for (const each of waiting.values()) each.reject(error)
    waiting.clear()
  }

  const start = (): Worker => {
    const started = new Worker(new URL('./equity-thread.ts', import.meta.url), { name: 'baton equity' })
    started.on('message', (answer: { id: number; output?: never; error?: unknown }) => {
      const asked = waiting.get(answer.id)
      waiting.delete(answer.id)
      if (waiting.size === 0) started.unref()
      if (!asked) return
      if (answer.output === undefined)
        asked.reject(answer.error ?? new BugError('A computation gave neither answer nor error'))
      else asked.resolve(answer.output)
    })
    started.on('error', (cause) => failAll(new BugError('The equity thread broke', { cause })))
    started.on('exit', () => {
      if (worker === started) failAll(new RetryableError('The equity thread ended; ask again', 1_000))
    })
    return started
  }

  return {
    run: (name, input) => {
      if (isClosed) return Promise.reject(new RetryableError('Baton is stopping', 1_000))
      worker ??= start()
      worker.ref()
      lastId += 1
      const id = lastId
      const answer = new Promise<never>((resolve, reject) => waiting.set(id, { resolve, reject }))
      worker.postMessage({ id, name, input })
      return answer
    },
    close: async () => {
      isClosed = true
      const running = worker
      worker = undefined
      await running?.terminate()
      failAll(new RetryableError('Baton is stopping', 1_000))
    },
  }
}
