import { z } from 'zod'
import { instant, page, pageQuery } from './common.ts'

/** The versions of what people define (segments, journeys, templates), and what each changed. */
export const versionChange = z.object({
  kind: z.enum(['added', 'removed', 'changed', 'moved']),
  /** The way to it in words: `["Step “Wait”", "At most"]`; empty for the whole. */
  where: z.array(z.string()),
  /** What stands there, in words; null: nothing. Ids of templates and segments stand as they are. */
  before: z.string().nullable(),
  after: z.string().nullable(),
})
export type VersionChange = z.infer<typeof versionChange>

export const keptVersion = z.object({
  version: z.int(),
  at: instant,
  /** Name of who saved it, where it is a member's. */
  by: z.string(),
  /** Against the version before; none for the first. */
  changes: z.array(versionChange),
})
export type KeptVersion = z.infer<typeof keptVersion>
/** Newest first. */
export const versionPage = page(keptVersion)
export const versionQuery = pageQuery.extend({ limit: z.coerce.number().int().min(1).max(100).default(20) })

/** `updatedAt` as it was read: the change is refused with `conflict` where the object was changed after that. */
export const expectedUpdatedAt = instant
  .optional()
  .describe(
    'The `updatedAt` that was read: answered with `conflict`, and who changed it when, if it was changed since. Without it the change is made whatever stands there',
  )
/** The details of that `conflict`. */
export const changedMeanwhile = z.object({ changedBy: z.string(), changedAt: instant })
export type ChangedMeanwhile = z.infer<typeof changedMeanwhile>
