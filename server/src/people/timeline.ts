import type { TimelineItem } from '@baton/contract'
import type { Instant, PersonId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, Postgres } from '../stores/index.ts'
import { readPersonEvents } from './event-sql.ts'
import type { TimelineSource } from './lenses.ts'
import { mergesOf } from './person-list-store.ts'
import { readProjected } from './projection-store.ts'

/** What she did. */
export const eventTimeline = (deps: { postgres: Postgres; clickhouse: ClickHouse }): TimelineSource => ({
  kind: 'event',
  read: async (workspaceId, person, page) => {
    const { batch } = await deps.postgres.inWorkspace(workspaceId, (tx) => readProjected(tx, workspaceId))
    const rows = await readPersonEvents(deps.clickhouse, workspaceId, person.subjects, { ...page, batch })
    return rows.map((row) => ({
      id: `event:${row.messageId}`,
      at: Number(row.at),
      kind: 'event' as const,
      title: row.name,
      detail: row.historic ? 'Came by import or late: it sets nothing off.' : null,
      link: null,
      data: { type: row.type, properties: row.properties },
    }))
  },
})

const reasonSentences: Readonly<Record<string, string>> = {
  'same-person-identified': 'A visitor told who she is.',
  'same-email': 'Both had the same e-mail address.',
  'same-phone': 'Both had the same phone number.',
  alias: 'The sender said that both ids are one person (alias).',
}

/** How she came to be one person. */
export const mergeTimeline = (deps: { postgres: Postgres }): TimelineSource => ({
  kind: 'merge',
  read: async (workspaceId, person, page) => {
    const merges = await deps.postgres.inWorkspace(workspaceId, (tx) => mergesOf(tx, workspaceId, person.personId))
    return merges
      .filter((merge) => merge.at < page.before)
      .slice(0, page.limit)
      .map((merge) => ({
        id: `merge:${merge.mergeId}`,
        at: merge.at,
        kind: 'merge' as const,
        title: merge.undoneAt === null ? 'Two profiles became one' : 'A merge that was undone',
        detail: reasonSentences[merge.reason] ?? merge.reason,
        link: null,
        data: { mergeId: merge.mergeId, winner: merge.winnerPersonId, loser: merge.loserPersonId },
      }))
  },
})

/** One page of a person's timeline over all sources, newest first; ties by id, so that pages never overlap. */
export const readTimeline = async (
  sources: readonly TimelineSource[],
  workspaceId: WorkspaceId,
  person: { personId: PersonId; subjects: readonly SubjectId[] },
  page: { after: { at: Instant; id: string } | null; limit: number },
): Promise<readonly TimelineItem[]> => {
  // Sources read strictly before an instant; asking one millisecond further shows entries of the same instant again.
  const before = page.after ? page.after.at + 1 : Number.MAX_SAFE_INTEGER
  const limit = page.limit + 50
  const lists = await Promise.all(sources.map((source) => source.read(workspaceId, person, { before, limit })))
  const { after } = page
  return lists
    .flat()
    .filter((item) => after === null || item.at < after.at || (item.at === after.at && item.id < after.id))
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    .slice(0, page.limit)
}
