import type { JsonValue } from '../collect/index.ts'
import { type Instant, must, type PersonId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'
import { objectOf, valuesSql } from './asked-paths.ts'
import type { FactEvent, Facts } from './facts.ts'
import type { FactsLayout } from './facts-layout.ts'
import type { AskedPath } from './operators/operator.ts'
import { personWhere, type QueryScope, scopeParams, subjectWhere } from './query-scope.ts'

/** More events than this at once, or of one subject (a bot, a till), are ClickHouse's work, not ours. */
const mostEvents = 300_000
const mostEventsOfOne = 2_000

/** Whose facts are asked for, and as of which projected batch. */
export interface AskedFacts {
  readonly workspaceId: WorkspaceId
  readonly batch: number
  readonly scope: QueryScope
}

/** Null where somebody has too many events. */
export type PeopleFacts = ReadonlyMap<PersonId, Facts | null>

/**
 * The facts of people as ClickHouse holds them: of events, properties and traits only what the layout asks about. Null
 * when all of them together have too many events.
 */
export const readPeopleFacts = async (
  clickhouse: ClickHouse,
  layout: FactsLayout,
  asked: AskedFacts,
): Promise<PeopleFacts | null> => {
  const [people, events] = await Promise.all([
    readPeople(clickhouse, layout.traits, asked),
    readEvents(clickhouse, layout, asked),
  ])
  if (events === null) return null
  const facts = new Map<PersonId, Facts | null>()
  for (const { personId, subjects, values } of people) {
    const hers: FactEvent[] = []
    for (const subject of subjects) for (const event of events.get(subject) ?? []) hers.push(event)
    const found = { traits: objectOf(layout.traits, values), events: hers }
    facts.set(personId, hers.length > mostEventsOfOne ? null : found)
  }
  return facts
}

const readPeople = (
  clickhouse: ClickHouse,
  traits: readonly AskedPath[],
  { workspaceId, scope }: Pick<AskedFacts, 'workspaceId' | 'scope'>,
) =>
  clickhouse.query<{ personId: PersonId; subjects: SubjectId[]; values: JsonValue[] }>({
    sql: `select toString(person_id) as personId, arrayMap(s -> toString(s), subjects) as subjects,
        ${valuesSql('traits', traits)} as values
      from person final
      where workspace_id = {workspaceId:UUID} and not gone${personWhere(scope)}`,
    params: { workspaceId, ...scopeParams(scope) },
    pool: 'tick',
  })

/** [which of the layout's names, when (epoch ms), message id, values] */
type EventRow = readonly [number, Instant, string, readonly JsonValue[]]

/** By subject, so that each id travels once. */
const readEvents = async (
  clickhouse: ClickHouse,
  layout: FactsLayout,
  { workspaceId, batch, scope }: AskedFacts,
): Promise<ReadonlyMap<SubjectId, readonly FactEvent[]> | null> => {
  if (layout.events.length === 0) return new Map()
  const withIds = layout.events.filter((event) => event.withId).map(({ name }) => name)
  const plain = layout.events.filter((event) => !event.withId).map(({ name }) => name)
  const parts = [
    ...(plain.length > 0 ? [eventsSql(scope, 'plain', "''", layout.properties)] : []),
    ...(withIds.length > 0 ? [eventsSql(scope, 'withIds', 'message_id', layout.properties)] : []),
  ]
  const names = layout.events.map(({ name }) => name)
  const rows = await clickhouse.query<{ subjectId: SubjectId; events: readonly EventRow[] }>({
    sql: `select toString(subject_id) as subjectId, groupArray(tuple(n, t, m, v)) as events
      from (select * from (${parts.join(' union all ')}) limit {mostOfOne:UInt32} by subject_id limit {most:UInt32})
      group by subject_id`,
    params: {
      workspaceId,
      batch,
      plain,
      withIds,
      names,
      mostOfOne: mostEventsOfOne + 1,
      most: mostEvents + 1,
      ...scopeParams(scope),
    },
    pool: 'tick',
  })
  if (rows.reduce((sum, { events }) => sum + events.length, 0) > mostEvents) return null
  return new Map(
    rows.map(({ subjectId, events }) => [
      subjectId,
      events.map(([name, occurredAt, messageId, values]) => ({
        name: must(names[name], 'a name asked for'),
        occurredAt,
        messageId,
        properties: objectOf(layout.properties, values),
      })),
    ]),
  )
}

const eventsSql = (
  scope: QueryScope,
  names: 'plain' | 'withIds',
  messageId: string,
  properties: readonly AskedPath[],
): string => `
        select subject_id, toUInt16(indexOf({names:Array(String)}, name) - 1) as n,
          toUnixTimestamp64Milli(occurred_at) as t, ${messageId} as m, ${valuesSql('properties', properties)} as v
        from event
        prewhere workspace_id = {workspaceId:UUID}${subjectWhere(scope)}
        where batch <= {batch:UInt64} and name in {${names}:Array(String)}`
