import type { Instant, WorkspaceId } from '../kernel/index.ts'
import type { MaskRow } from './mask.ts'
import { never } from './sql-scope.ts'

/**
 * When time alone may change a mask next, by workspace, as of its newest tick: so that not every tick asks ClickHouse for
 * it. Null is never. What is remembered may be too early, never too late; after somebody else's tick it is forgotten.
 */
export interface NextDueMemory {
  /** Undefined: not known for this tick. */
  of(workspaceId: WorkspaceId, tick: number): Instant | null | undefined
  keep(workspaceId: WorkspaceId, tick: number, next: Instant | null): void
}

export const createNextDueMemory = (): NextDueMemory => {
  const kept = new Map<WorkspaceId, { readonly tick: number; readonly next: Instant | null }>()
  return {
    of: (workspaceId, tick) => {
      const found = kept.get(workspaceId)
      return found?.tick === tick ? found.next : undefined
    },
    keep: (workspaceId, tick, next) => kept.set(workspaceId, { tick, next }),
  }
}

/**
 * After a tick at `now` that wrote these masks, from what was known before it; undefined where only ClickHouse can say:
 * when nothing was known, or the edge that was known has been reached.
 */
export const nextDueAfter = (
  before: Instant | null | undefined,
  now: Instant,
  written: readonly Pick<MaskRow, 'nextChangeAt' | 'gone'>[],
): Instant | null | undefined => {
  if (before === undefined || (before !== null && before <= now)) return undefined
  let next = before
  for (const { nextChangeAt, gone } of written)
    if (!gone && nextChangeAt > now && nextChangeAt < never && (next === null || nextChangeAt < next))
      next = nextChangeAt
  return next
}
