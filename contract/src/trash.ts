import { z } from 'zod'
import { instant, uuid } from './common.ts'

/** What was deleted and can be taken back for thirty days. */
export const trashDays = 30
export const trashItem = z.object({
  id: uuid,
  name: z.string(),
  deletedAt: instant,
  /** Name of who deleted it, where it is a member's. */
  deletedBy: z.string(),
  /** From then on it can't be taken back. */
  leavesAt: instant,
})
export type TrashItem = z.infer<typeof trashItem>
/** Last deleted first, at most 200. */
export const trashList = z.object({ items: z.array(trashItem) })

/** What keeps something from being deleted: the details of the `conflict`. */
export const useOfIt = z.object({
  kind: z.enum(['segment', 'journey', 'life-cycle', 'baton']),
  id: z.string(),
  name: z.string(),
})
export type UseOfIt = z.infer<typeof useOfIt>
