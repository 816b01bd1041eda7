import type { Lane } from '../jobs/index.ts'
import type { Position, WorkspaceId } from '../kernel/index.ts'
import type { RequestHead } from './frame.ts'
import { tendLogPartitions } from './log-store.ts'
import { createLogWriter, type LogWriter } from './log-writer.ts'
import type { JsonValue } from './parse-event.ts'

/** Takes in what customers do, by Segment's HTTP API and from Baton's own rooms, and commits it to the log. */
export interface Collect {
  readonly writer: LogWriter
  /**
   * Puts events (Segment's spec) into the log as if they had been sent; resolves when committed. Repeat with the same
   * messageIds as often as you like: duplicates are removed. Split into log requests of 500 events, of which a few MB wait
   * to be committed at once, however many there are; when it rejects, the first of them may be in the log.
   */
  appendEvents(
    workspaceId: WorkspaceId,
    lane: Lane,
    events: readonly { readonly [key: string]: JsonValue | undefined }[],
    options: Omit<RequestHead, 'call'>,
  ): Promise<Position>
  /** Makes and drops the partitions of the log; at start and daily. False: somebody reads it for long (a backup), to be tried again soon. */
  tendPartitions(): Promise<boolean>
}

/** Dedup keys are kept in weeks counted from Monday 2000-01-03, as the migration does. */
export const dedupGeneration = (storedOn: string): number =>
  Math.floor((Date.parse(storedOn) - Date.UTC(2000, 0, 3)) / (7 * 86_400_000))

const eventsPerRequest = 500

export const createCollect = (deps: Parameters<typeof createLogWriter>[0]): Collect => {
  const writer = createLogWriter(deps)
  return {
    writer,
    appendEvents: async (workspaceId, lane, events, options) => {
      let last = 0
      let appended: Promise<Position>[] = []
      let bytes = 0
      for (let at = 0; at < events.length; at += eventsPerRequest) {
        const slice = events.slice(at, at + eventsPerRequest)
        const body = Buffer.from(JSON.stringify({ batch: slice }))
        const head = { call: 'batch', ...options }
        appended.push(writer.append(workspaceId, lane, { head, body }, slice.length))
        bytes += body.length
        if (bytes < writer.bytesAtOnce && at + eventsPerRequest < events.length) continue
        last = Math.max(last, ...(await Promise.all(appended)))
        appended = []
        bytes = 0
      }
      return last as Position
    },
    tendPartitions: () => {
      const today = new Date(deps.clock.now()).toISOString().slice(0, 10)
      return tendLogPartitions(deps.postgres, today, dedupGeneration(today) - 5)
    },
  }
}

export { blankEvents, rawEventsOf } from './blank-events.ts'
export { decodeBatch, encodeBatch, type LoggedRequest } from './frame.ts'
export { createImports, type Imports, type ImportsDeps } from './import-orders/imports.ts'
export { guestPrefix } from './import-orders/order-events.ts'
export { importRoutes } from './import-orders/routes.ts'
export { keepPartitions } from './keep-partitions.ts'
export { readLogAfter, readLogBatches, readLogTail, replacePayloads, type StoredBatch } from './log-store.ts'
export {
  type EventType,
  isObject,
  isTooDeep,
  type JsonObject,
  type JsonValue,
  type ParsedEvent,
  type QuarantineReason,
  quarantineReasons,
  type ReadEvent,
  type SystemEvent,
} from './parse-event.ts'
export { readRequests } from './read-requests.ts'
export { collectRoutes } from './routes.ts'
