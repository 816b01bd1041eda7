import { isDeepStrictEqual } from 'node:util'
import { type Journey, type JourneyDraft, type JourneySummary, journeyDefinition } from '@baton/contract'
import type { Instant } from '../kernel/index.ts'
import type { JourneyRow } from './journey-store.ts'

/** The parts of a journey that lists show. */
export const toSummary = (row: JourneyRow): JourneySummary => ({
  journeyId: row.journeyId,
  name: row.name,
  status: row.status,
  phase: typeof row.draft.phase === 'string' ? row.draft.phase : null,
  version: row.version,
  changed: row.version === null || !isSameDefinition(row.draft, row.definition),
  entered: row.entered,
  active: row.entered - row.finished - row.exited,
  finished: row.finished,
  exited: row.exited,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  publishedAt: row.publishedAt,
})

/** Defaults filled in, a draft and what was published from it are equal. */
const isSameDefinition = (draft: JourneyDraft, definition: unknown): boolean => {
  const parsed = journeyDefinition.safeParse(draft)
  return parsed.success && isDeepStrictEqual(parsed.data, journeyDefinition.parse(definition))
}

/** A journey with its draft and versions. */
export const toJourney = (
  row: JourneyRow,
  versions: readonly { version: number; publishedAt: Instant; publishedBy: string; active: number }[],
): Journey => ({
  ...toSummary(row),
  draft: row.draft,
  published:
    row.version === null || row.publishedAt === null || row.publishedBy === null
      ? null
      : {
          version: row.version,
          definition: journeyDefinition.parse(row.definition),
          publishedAt: row.publishedAt,
          publishedBy: row.publishedBy,
        },
  versions: [...versions],
})
