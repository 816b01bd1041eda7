import { type Milliseconds, minuteMs } from '../kernel/index.ts'
import type { Collect } from './index.ts'

interface KeepPartitionsDeps {
  readonly collect: Pick<Collect, 'tendPartitions'>
  readonly log: { warn(detail: object, what: string): void }
  readonly retryMs?: Milliseconds
}

/**
 * Tends the log's partitions, again soon where that did not come off: a backup reads the log for hours. Nothing waits for
 * it, since the default partition takes what has none. `tend` never fails.
 */
export const keepPartitions = ({ collect, log, retryMs = minuteMs }: KeepPartitionsDeps) => {
  let retry: NodeJS.Timeout | undefined
  let isStopped = false
  const tend = async (): Promise<void> => {
    clearTimeout(retry)
    const isDone = await collect.tendPartitions().catch((error: unknown) => {
      log.warn({ err: error }, 'the partitions of the log could not be made; tried again soon')
      return false
    })
    if (!isDone && !isStopped) retry = setTimeout(() => void tend(), retryMs)
  }
  return {
    tend,
    stop: (): void => {
      isStopped = true
      clearTimeout(retry)
    },
  }
}
