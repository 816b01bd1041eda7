import type { ReadEvent } from '../collect/index.ts'
import { findPoison } from '../jobs/index.ts'
import { type ReadBatch, refuseUnreadable } from './fold-batch.ts'

/** The batches with the events that can't be handled set aside, found by trials on halves. */
export const setPoisonAside = async (
  batches: readonly ReadBatch[],
  error: unknown,
  trial: (batches: readonly ReadBatch[]) => Promise<unknown>,
): Promise<readonly ReadBatch[]> => {
  const all = batches.flatMap((batch) => batch.events.filter((event) => event.kind !== 'refused'))
  const without = (gone: ReadonlyMap<ReadEvent, string>) =>
    batches.map((batch) => ({
      ...batch,
      events: batch.events.map((event) => {
        const reason = gone.get(event)
        return reason === undefined ? event : refuseUnreadable(event, reason)
      }),
    }))
  const poison = await findPoison(all, error, (subset) => {
    const kept = new Set(subset)
    return trial(without(new Map(all.filter((event) => !kept.has(event)).map((event) => [event, '']))))
  })
  return without(new Map(poison.map(({ item, reason }) => [item, reason])))
}
