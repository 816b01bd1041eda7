import type { ParsedEvent, ReadEvent, SystemEvent } from '../collect/index.ts'
import { idOf, type Position, type WorkspaceId } from '../kernel/index.ts'
import type { QuarantinedEvent } from './verdict-store.ts'
import type { Verdict } from './verdicts.ts'

/** A log batch read into events. */
export interface ReadBatch {
  readonly position: Position
  readonly storedOn: string
  readonly receivedAt: number
  readonly events: readonly ReadEvent[]
  /** Why nothing of it could be read; null where it could. */
  readonly unreadable: string | null
}

/** The key under which a message is remembered for 35 days at the least. */
export const dedupKeyOf = (workspaceId: WorkspaceId, messageId: string): string => idOf<string>(workspaceId, messageId)

export interface SortedBatches {
  /** The events to handle, with their batch and index. */
  readonly accepted: readonly { event: ParsedEvent; batch: number; index: number }[]
  readonly system: readonly SystemEvent[]
  readonly newKeys: readonly string[]
  readonly quarantined: readonly QuarantinedEvent[]
  /** Verdicts by batch and index, subjects still to be filled in. */
  readonly verdicts: readonly Verdict[][]
}

/** An event that could not be handled although it keeps the contract: set aside, so that the rest goes on. */
export const refuseUnreadable = (event: ReadEvent, detail: string): ReadEvent =>
  event.kind === 'refused'
    ? event
    : {
        kind: 'refused',
        reason: 'unreadable',
        detail,
        bytes: Buffer.from(JSON.stringify({ messageId: event.messageId })),
      }

const mostRefusedKept = 200
const mostBytesKept = 32 * 1024

/**
 * What is kept of refused events for as long as they are shown: of a log batch the first 200, the last of which says how
 * many more there were (all have their verdict, and the log has their bytes), and of each as much as an event may take.
 */
export const boundRefused = (refused: readonly QuarantinedEvent[]): readonly QuarantinedEvent[] =>
  [...Map.groupBy(refused, ({ position }) => position).values()].flatMap((ofBatch) => {
    const more = ofBatch.length - mostRefusedKept
    return ofBatch.slice(0, mostRefusedKept).map((one, index) => ({
      ...one,
      detail:
        more > 0 && index === mostRefusedKept - 1
          ? `${one.detail} (and ${more} more events of its log batch)`.trim()
          : one.detail,
      event: one.event.subarray(0, mostBytesKept),
    }))
  })

/**
 * Parts the events of some batches into new, duplicate and refused; `seen` holds the keys known before. Forgotten ones are of
 * somebody who was erased after they had been received: they are remembered as seen, and nothing is made of them.
 */
export const sortBatches = (
  workspaceId: WorkspaceId,
  batches: readonly ReadBatch[],
  keys: readonly (readonly (string | null)[])[],
  seen: ReadonlySet<string>,
  isForgotten: (event: ParsedEvent, batch: ReadBatch) => boolean = () => false,
): SortedBatches => {
  const accepted: SortedBatches['accepted'][number][] = []
  const system: SystemEvent[] = []
  const newKeys = new Set<string>()
  const refused: QuarantinedEvent[] = []
  const verdicts = batches.map((batch, batchIndex) =>
    batch.events.map((event, index): Verdict => {
      if (event.kind === 'refused') {
        const { reason, detail, bytes } = event
        const { position, receivedAt } = batch
        refused.push({ position, eventIndex: index, receivedAt, reason, detail, event: bytes })
        return { kind: 'quarantined', subjectId: null }
      }
      const key = keys[batchIndex]?.[index] ?? dedupKeyOf(workspaceId, event.messageId)
      if (seen.has(key) || newKeys.has(key)) return { kind: 'duplicate', subjectId: null }
      newKeys.add(key)
      if (event.kind === 'system') {
        system.push(event)
        return { kind: 'system', subjectId: null }
      }
      if (isForgotten(event, batch)) return { kind: 'erased', subjectId: null }
      accepted.push({ event, batch: batchIndex, index })
      return { kind: 'accepted', subjectId: null }
    }),
  )
  return { accepted, system, newKeys: [...newKeys], quarantined: boundRefused(refused), verdicts }
}
