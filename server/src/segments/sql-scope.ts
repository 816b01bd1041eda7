import type { PropertyFilter } from '@baton/contract'
import type { Instant, Milliseconds } from '../kernel/index.ts'
import { filterSql, numberSql } from './property-filter.ts'

/** Binds a value as a query parameter of this ClickHouse type and gives the placeholder. */
export type Bind = (value: unknown, type: string) => string

/** Later than any instant: "never changes by time alone". Also what ClickHouse gives for the oldest of nothing. */
export const never = 9_000_000_000_000_000

/** Some of a person's events. Times are compared as epoch ms. */
export interface EventSelection {
  readonly event: string
  readonly where: readonly PropertyFilter[]
  /** Only those after now minus this. */
  readonly lastMs: Milliseconds | null
}

/** One figure over a person's events. Every kind can be made from her subjects' figures, whoever was merged. */
export type EventFigure =
  | ({ readonly kind: 'count' | 'newest' | 'oldest' } & EventSelection)
  | ({ readonly kind: 'sum' | 'negatives'; readonly path: string } & EventSelection)
  | ({ readonly kind: 'last'; readonly filter: PropertyFilter } & EventSelection)

interface Column {
  readonly name: string
  /** Over the events of one subject. */
  readonly perSubject: string
  /** Over the subjects of one person. */
  readonly perPerson: string
}

/**
 * Collects what the compiled query must read and compute while the operators of all rules write their SQL. Equal figures,
 * traits and values are shared between rules.
 */
export interface SqlScope {
  readonly bind: Bind
  /** Domain time as epoch ms. */
  readonly now: string
  figure(figure: EventFigure): string
  /** A column computed from the person's traits; `expression` gets the name of the JSON column. */
  trait(expression: (traits: string) => string): string
  /** The column that says whether another rule holds. */
  ruleHolds(ruleKey: string): string
}

export interface CollectedSql {
  readonly scope: SqlScope
  readonly events: ReadonlySet<string>
  readonly columns: readonly Column[]
  readonly traits: ReadonlyMap<string, string>
  readonly params: Readonly<Record<string, unknown>>
}

/** Money and other amounts are added as ten-thousandths in 64-bit integers, so that the order of adding can't matter. */
export const unitsPerOne = 10_000
/** Amounts beyond this are no amounts and add nothing. */
export const largestAmount = 1e11

export const collectSql = (now: Instant, ruleHolds: (ruleKey: string) => string): CollectedSql => {
  const params: Record<string, unknown> = {}
  const bound = new Map<string, string>()
  const bind: Bind = (value, type) => {
    const key = `${type} ${JSON.stringify(value)}`
    const known = bound.get(key)
    if (known !== undefined) return known
    const name = `p${bound.size}`
    params[name] = value
    const placeholder = `{${name}:${type}}`
    bound.set(key, placeholder)
    return placeholder
  }
  const nowSql = bind(now, 'Int64')
  const events = new Set<string>()
  const columns: Column[] = []
  const columnOf = new Map<string, string>()
  const traits = new Map<string, string>()

  const condition = (selection: EventSelection): string => {
    const tests = [`name = ${bind(selection.event, 'String')}`]
    if (selection.lastMs !== null) tests.push(`t > ${bind(now - selection.lastMs, 'Int64')}`)
    for (const filter of selection.where) tests.push(filterSql(filter, 'properties', bind))
    return tests.join(' and ')
  }

  const figure = (wanted: EventFigure): string => {
    const key = JSON.stringify(wanted)
    const known = columnOf.get(key)
    if (known !== undefined) return known
    events.add(wanted.event)
    const name = `a${columns.length}`
    columns.push({ name, ...aggregates(wanted, condition(wanted), name, bind) })
    columnOf.set(key, name)
    return name
  }

  const trait = (expression: (traits: string) => string): string => {
    const text = expression('traits')
    const known = traits.get(text)
    if (known !== undefined) return known
    const name = `t${traits.size}`
    traits.set(text, name)
    return name
  }

  return { scope: { bind, now: nowSql, figure, trait, ruleHolds }, events, columns, traits, params }
}

const aggregates = (figure: EventFigure, condition: string, name: string, bind: Bind): Omit<Column, 'name'> => {
  switch (figure.kind) {
    case 'count':
      return { perSubject: `countIf(${condition})`, perPerson: `sum(${name})` }
    case 'newest':
      return { perSubject: `maxIf(t, ${condition})`, perPerson: `max(${name})` }
    case 'oldest':
      return { perSubject: `min(if(${condition}, t, ${never}))`, perPerson: `min(${name})` }
    case 'sum':
      return { perSubject: `sumIf(${unitsSql(figure.path)}, ${condition})`, perPerson: `sum(${name})` }
    case 'negatives':
      return { perSubject: `countIf(${condition} and ${unitsSql(figure.path)} < 0)`, perPerson: `sum(${name})` }
    case 'last': {
      const matches = `toUInt8(${filterSql(figure.filter, 'properties', bind)})`
      return {
        perSubject: `maxIf(tuple(t, message_id, ${matches}), ${condition})`,
        perPerson: `max(${name})`,
      }
    }
  }
}

const unitsSql = (path: string): string => {
  const amount = numberSql('properties', path)
  return `toInt64(ifNull(if(abs(${amount}) <= ${largestAmount}, floor(${amount} * ${unitsPerOne} + 0.5), 0), 0))`
}
