import type { Person, TimelineItem } from '@baton/contract'
import type { PersonId, WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, Postgres } from '../stores/index.ts'
import { type ExportedEvent, streamPersonEvents } from './event-sql.ts'
import type { PersonLenses, TimelineSource } from './lenses.ts'
import { loadOrders, type OrderRow } from './order-store.ts'
import { loadPersonFacts, type PersonFacts } from './person-facts-store.ts'
import { describePerson } from './person-page.ts'
import { readProjected } from './projection-store.ts'
import { orderIdsOfSubjects } from './take-out-store.ts'
import { mergeTimeline, readTimeline } from './timeline.ts'

/** All that the people room, and those who told it of themselves, know of one person; what may be much is read as it is asked for. */
export interface PersonData {
  readonly person: Person
  readonly subjects: PersonFacts['subjects']
  readonly orders: readonly Omit<OrderRow, 'subjectId'>[]
  readonly events: AsyncIterable<ExportedEvent>
  /** Segments in and out, life-cycle moves, merges; newest first. */
  readonly history: AsyncIterable<TimelineItem>
}

interface DataDeps {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly lenses: PersonLenses
  readonly timelineSources: readonly TimelineSource[]
}

/** Null when there is no such person. */
export const readPersonData = async (
  deps: DataDeps,
  workspaceId: WorkspaceId,
  personId: PersonId,
): Promise<PersonData | null> => {
  const { postgres, clickhouse } = deps
  const person = await describePerson(deps, workspaceId, personId)
  if (person === null) return null
  return postgres.inWorkspace(workspaceId, async (tx) => {
    const facts = (await loadPersonFacts(tx, workspaceId, [personId])).get(personId)
    if (facts === undefined) return null
    const orders = await loadOrders(tx, workspaceId, await orderIdsOfSubjects(tx, workspaceId, facts.subjects))
    const { batch } = await readProjected(tx, workspaceId)
    const { subjects } = facts
    return {
      person,
      subjects,
      orders: [...orders.values()].map(({ subjectId: _, ...order }) => order),
      events: streamPersonEvents(clickhouse, workspaceId, { subjects, batch }),
      history: readHistory(deps, workspaceId, facts),
    }
  })
}

const itemsAtOnce = 500

async function* readHistory(
  deps: DataDeps,
  workspaceId: WorkspaceId,
  facts: PersonFacts,
): AsyncGenerator<TimelineItem> {
  const sources = [mergeTimeline(deps), ...deps.timelineSources.filter(({ kind }) => kind !== 'message')]
  for (let after: { at: number; id: string } | null = null; ; ) {
    const page: readonly TimelineItem[] = await readTimeline(sources, workspaceId, facts, { after, limit: itemsAtOnce })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < itemsAtOnce) return
    after = { at: last.at, id: last.id }
  }
}
