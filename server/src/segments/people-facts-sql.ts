import type { JsonValue } from '../collect/index.ts'
import type { PersonId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'
import { objectOf, valuesSql } from './asked-paths.ts'
import type { FactEvent, Facts } from './facts.ts'

/** More events than this are ClickHouse's work, not ours. */
export const mostEventsInMemory = 20_000

/**
 * The facts of a few people as ClickHouse holds them: events of these names; of properties and traits only the paths
 * asked for. Null when there are too many events.
 */
export const readPeopleFacts = async (
  clickhouse: ClickHouse,
  request: {
    readonly workspaceId: WorkspaceId
    readonly persons: readonly PersonId[]
    readonly batch: number
    readonly names: readonly string[]
    readonly properties: readonly string[]
    readonly traits: readonly string[]
  },
): Promise<ReadonlyMap<PersonId, Facts> | null> => {
  const { workspaceId, persons, batch, names } = request
  const people = await clickhouse.query<{ personId: PersonId; subjects: SubjectId[]; values: JsonValue[] }>({
    sql: `select toString(person_id) as personId, arrayMap(s -> toString(s), subjects) as subjects,
        ${valuesSql('traits', request.traits)} as values
      from person final
      where workspace_id = {workspaceId:UUID} and not gone and person_id in {persons:Array(UUID)}`,
    params: { workspaceId, persons },
    pool: 'tick',
  })
  const eventsOf = new Map(people.map(({ personId }) => [personId, [] as FactEvent[]]))
  const personOf = new Map(people.flatMap(({ personId, subjects }) => subjects.map((subject) => [subject, personId])))
  if (names.length > 0 && personOf.size > 0) {
    const rows = await clickhouse.query<Omit<FactEvent, 'properties'> & { subjectId: SubjectId; values: JsonValue[] }>({
      sql: `select toString(subject_id) as subjectId, name, message_id as messageId,
          toUnixTimestamp64Milli(occurred_at) as occurredAt,
          ${valuesSql('properties', request.properties)} as values
        from event
        where workspace_id = {workspaceId:UUID} and subject_id in {subjects:Array(UUID)} and batch <= {batch:UInt64}
          and name in {names:Array(String)}
        limit {limit:UInt32}`,
      params: {
        workspaceId,
        subjects: [...personOf.keys()],
        batch,
        names,
        limit: mostEventsInMemory + 1,
      },
      pool: 'tick',
    })
    if (rows.length > mostEventsInMemory) return null
    for (const { subjectId, values, ...event } of rows) {
      const personId = personOf.get(subjectId)
      const own = personId === undefined ? undefined : eventsOf.get(personId)
      own?.push({ ...event, properties: objectOf(request.properties, values) })
    }
  }
  return new Map(
    people.map(({ personId, values }) => [
      personId,
      { traits: objectOf(request.traits, values), events: eventsOf.get(personId) ?? [] },
    ]),
  )
}
