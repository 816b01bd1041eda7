import type { ReadEvent } from '../collect/index.ts'
import { type ReadBatch, refuseUnreadable } from './fold-batch.ts'
import { isolatePoison } from './isolate-poison.ts'

/** PostgreSQL refuses a value (classes 22 and 23), or our own code stumbles over one: not a matter of trying again. */
export const isDataError = (error: unknown): boolean => {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return true
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^2[23]/.test(code)
}

/** The batches with the events that can't be handled set aside, found by trials on halves. */
export const setPoisonAside = async (
  batches: readonly ReadBatch[],
  error: unknown,
  trial: (batches: readonly ReadBatch[]) => Promise<unknown>,
): Promise<readonly ReadBatch[]> => {
  const detail = error instanceof Error ? error.message.slice(0, 500) : String(error)
  const all = batches.flatMap((batch) => batch.events.filter((event) => event.kind !== 'refused'))
  const without = (gone: ReadonlySet<ReadEvent>) =>
    batches.map((batch) => ({
      ...batch,
      events: batch.events.map((event) => (gone.has(event) ? refuseUnreadable(event, detail) : event)),
    }))
  const poison = await isolatePoison(all, async (subset) => {
    const kept = new Set(subset)
    try {
      await trial(without(new Set(all.filter((event) => !kept.has(event)))))
      return false
    } catch (failure) {
      if (!isDataError(failure)) throw failure
      return true
    }
  })
  return without(new Set(poison))
}
