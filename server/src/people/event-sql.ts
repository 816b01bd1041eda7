import type { EventCatalogue, TimelineItem } from '@baton/contract'
import type { Instant, PersonId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'

/** Names of events and traits seen lately, with the properties each event carries; for the builders' suggestions. */
export const readCatalogue = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  range: { since: Instant; batch: number },
): Promise<EventCatalogue> => {
  const params = { workspaceId, since: range.since / 1_000, batch: range.batch }
  const [events, traits] = await Promise.all([
    clickhouse.query<{ name: string; count: number; lastAt: number; properties: string[] }>({
      sql: `select name, count() as count, toUnixTimestamp64Milli(max(occurred_at)) as lastAt,
          arraySort(groupUniqArrayArray(300)(JSONAllPaths(properties))) as properties
        from event where workspace_id = {workspaceId:UUID} and batch <= {batch:UInt64}
          and received_at >= toDateTime64({since:Float64}, 3)
        group by name order by count desc limit 500`,
      params,
    }),
    clickhouse.query<{ name: string; people: number }>({
      sql: `select arrayJoin(JSONAllPaths(traits)) as name, count() as people
        from person final where workspace_id = {workspaceId:UUID} and not gone
        group by name order by people desc limit 500`,
      params,
    }),
  ])
  return { events: events.map((each) => ({ ...each })), traits: [...traits] }
}

interface EventRow {
  readonly messageId: string
  readonly at: number
  readonly type: string
  readonly name: string
  readonly historic: boolean
  readonly properties: TimelineItem['data']
}

/** A person's events, newest first, before an instant (or at it, with a smaller message id). */
export const readPersonEvents = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  subjects: readonly SubjectId[],
  request: { before: Instant; limit: number; batch: number },
): Promise<readonly EventRow[]> =>
  clickhouse.query<EventRow>({
    sql: `select message_id as messageId, toUnixTimestamp64Milli(occurred_at) as at, type, name, historic, properties
      from event
      where workspace_id = {workspaceId:UUID} and subject_id in {subjects:Array(UUID)} and batch <= {batch:UInt64}
        and occurred_at < fromUnixTimestamp64Milli({before:Int64})
      order by occurred_at desc, message_id desc limit {limit:UInt32}`,
    params: { workspaceId, subjects, before: request.before, limit: request.limit, batch: request.batch },
  })

/** When each person was last seen (her newest event). */
export const readLastSeen = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  subjects: readonly { subjectId: SubjectId; personId: PersonId }[],
  batch: number,
): Promise<ReadonlyMap<PersonId, Instant>> => {
  if (subjects.length === 0) return new Map()
  const rows = await clickhouse.query<{ subjectId: SubjectId; at: number }>({
    sql: `select subject_id as subjectId, toUnixTimestamp64Milli(max(occurred_at)) as at from event
      where workspace_id = {workspaceId:UUID} and subject_id in {subjects:Array(UUID)} and batch <= {batch:UInt64}
      group by subject_id`,
    params: { workspaceId, subjects: subjects.map((each) => each.subjectId), batch },
  })
  const personOf = new Map(subjects.map((each) => [each.subjectId, each.personId]))
  const latest = new Map<PersonId, Instant>()
  for (const { subjectId, at } of rows) {
    const person = personOf.get(subjectId)
    if (person) latest.set(person, Math.max(at, latest.get(person) ?? 0))
  }
  return latest
}

/** An event as it is given to the person it is of. */
export interface ExportedEvent {
  readonly messageId: string
  readonly type: string
  readonly name: string
  readonly occurredAt: Instant
  readonly receivedAt: Instant
  readonly historic: boolean
  readonly properties: object
  readonly context: object
}

/** Every event of a person, oldest first; never all of them in memory. */
export async function* streamPersonEvents(
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  of: { readonly subjects: readonly SubjectId[]; readonly batch: number },
): AsyncGenerator<ExportedEvent> {
  const blocks = clickhouse.stream<ExportedEvent>({
    sql: `select message_id as messageId, type, name, toUnixTimestamp64Milli(occurred_at) as occurredAt,
        toUnixTimestamp64Milli(received_at) as receivedAt, historic, properties, context
      from event
      where workspace_id = {workspaceId:UUID} and subject_id in {subjects:Array(UUID)} and batch <= {batch:UInt64}
      order by occurred_at, message_id`,
    params: { workspaceId, ...of },
  })
  for await (const rows of blocks) yield* rows
}
