import type { LeafCondition, Rule, Trace } from '@baton/contract'
import type { JsonValue } from '../collect/index.ts'
import type { Instant, PersonId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { People } from '../people/index.ts'
import type { ClickHouse, Postgres } from '../stores/index.ts'
import { askedPaths, eventNamesOf, objectOf, valuesSql } from './asked-paths.ts'
import { evaluateRules } from './evaluate-rule.ts'
import { type FactEvent, type Facts, factsAt, type RuleAnswer } from './facts.ts'
import { orderRules } from './order-rules.ts'
import { leavesOf } from './rule-tree.ts'
import { traceRule } from './trace-rule.ts'

/** A person's facts are read one by one up to so many events, the newest. */
export const mostEvents = 50_000

export interface PersonExplained {
  readonly traces: ReadonlyMap<string, Trace>
  readonly answers: ReadonlyMap<string, RuleAnswer>
  readonly truncated: boolean
}

/** Loads one person's facts and says of each rule asked for why it holds or not; null when there is no such person. */
export const explainPerson = async (
  deps: { postgres: Postgres; clickhouse: ClickHouse; people: Pick<People, 'get' | 'projected'> },
  workspaceId: WorkspaceId,
  personId: PersonId,
  request: {
    readonly definitions: ReadonlyMap<string, Rule>
    readonly ruleKeys: readonly string[]
    readonly nameOf: (ruleKey: string) => string
    readonly now: Instant
  },
): Promise<PersonExplained | null> => {
  const person = (await deps.people.get(workspaceId, [personId])).get(personId)
  if (person === undefined) return null
  const wanted = withReferences(request.definitions, request.ruleKeys)
  const leaves = wanted.flatMap(({ rule }) => leavesOf(rule))
  const { batch } = await deps.people.projected(workspaceId)
  const events = await readEvents(deps.clickhouse, workspaceId, person.subjects, leaves, batch)
  const facts: Facts = { traits: person.traits, events }
  const { answers } = evaluateRules(wanted, facts, request.now)
  const at = factsAt(facts, request.now, (ruleKey) => answers.get(ruleKey) ?? { holds: false, nextChangeAt: null })
  const traces = new Map(
    wanted
      .filter(({ ruleKey }) => request.ruleKeys.includes(ruleKey))
      .map(({ ruleKey, rule }) => [ruleKey, traceRule(rule, at, request.nameOf)]),
  )
  return { traces, answers, truncated: events.length >= mostEvents }
}

/** These rules and all they ask for, in an order in which they can be evaluated. */
export const withReferences = (definitions: ReadonlyMap<string, Rule>, ruleKeys: readonly string[]) => {
  const order = orderRules([...definitions].map(([ruleKey, rule]) => ({ ruleKey, rule })))
  if (order.kind !== 'ordered') throw new TypeError(`Saved rules can't be ordered: ${JSON.stringify(order)}`)
  const last = Math.max(...ruleKeys.map((key) => order.rules.findIndex(({ ruleKey }) => ruleKey === key)))
  return order.rules.slice(0, last + 1)
}

export const readEvents = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  subjects: readonly SubjectId[],
  leaves: readonly LeafCondition[],
  batch: number,
): Promise<readonly FactEvent[]> => {
  const names = [...new Set(leaves.flatMap(eventNamesOf))]
  // As they stand, for the reader.
  const paths = askedPaths(leaves).properties.map(({ path }) => ({ path, as: 'value' }) as const)
  if (names.length === 0 || subjects.length === 0) return []
  const rows = await clickhouse.query<Omit<FactEvent, 'properties'> & { values: JsonValue[] }>({
    sql: `select name, message_id as messageId, toUnixTimestamp64Milli(occurred_at) as occurredAt,
        ${valuesSql('properties', paths)} as values
      from event
      where workspace_id = {workspaceId:UUID} and subject_id in {subjects:Array(UUID)} and batch <= {batch:UInt64}
        and name in {names:Array(String)}
      order by occurred_at desc, message_id desc limit {limit:UInt32}`,
    params: { workspaceId, subjects, names, batch, limit: mostEvents },
  })
  return rows.map(({ values, ...event }) => ({ ...event, properties: objectOf(paths, values) }))
}
