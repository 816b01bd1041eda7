import { decodeBatch, type LoggedRequest, type ReadEvent, readRequests, type StoredBatch } from '../collect/index.ts'
import { reasonOf } from '../jobs/index.ts'

export type ReadStored =
  | { readonly kind: 'read'; readonly requests: readonly LoggedRequest[]; readonly events: readonly ReadEvent[] }
  /** Its bytes are not what was written: a matter of the disk, not of any event in it. */
  | { readonly kind: 'unreadable'; readonly reason: string }

/** The events of a log batch, in their order. */
export const readStored = (batch: Omit<StoredBatch, 'storedOn'>): ReadStored => {
  try {
    const requests = decodeBatch(batch.payload)
    return { kind: 'read', requests, events: readRequests(requests, batch) }
  } catch (error) {
    return { kind: 'unreadable', reason: reasonOf(error) }
  }
}
