import type { PropertyFilter } from '@baton/contract'
import type { Instant, Milliseconds } from '../kernel/index.ts'
import { filterSql, propertyNumberSql, traitNumberSql } from './property-filter.ts'

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

/** One figure over a person's events. */
export type EventFigure =
  | ({ readonly kind: 'count' | 'newest' | 'oldest' } & EventSelection)
  | ({ readonly kind: 'sum' | 'negatives'; readonly path: string } & EventSelection)
  | ({ readonly kind: 'last'; readonly filter: PropertyFilter } & EventSelection)

/**
 * Collects what the compiled query must read and compute while the operators of all rules write their SQL. Each value of
 * an event, test of an event, figure and trait stands in the query once, under a short name: planning a query takes as
 * long as it has nodes (measured: 50 rules written out in full took 380 ms to plan, before the first row was read).
 */
export interface SqlScope {
  readonly bind: Bind
  /** Domain time as epoch ms. */
  readonly now: Instant
  figure(figure: EventFigure): string
  /** A column computed from the JSON column `traits`; `numberAt` gives the column that holds a trait as a number. */
  trait(expression: (numberAt: (path: string) => string) => string): string
  /** The column that says whether another rule holds. */
  ruleHolds(ruleKey: string): string
}

export interface CollectedSql {
  readonly scope: SqlScope
  readonly events: ReadonlySet<string>
  /** Those of them of which the last one is asked for: of two at the same instant the message ids decide. */
  readonly eventsWithIds: ReadonlySet<string>
  /** Of one event: `expression as name`, in an order in which each may use those before it. */
  readonly values: readonly string[]
  readonly tests: readonly string[]
  /** Of one person's events: `aggregate as name`. */
  readonly figures: readonly string[]
  /** Of one person's traits: `expression as name`, in an order in which each may use those before it. */
  readonly traits: readonly string[]
  readonly params: Readonly<Record<string, unknown>>
}

/** Money and other amounts are added as ten-thousandths in 64-bit integers, so that the order of adding can't matter. */
export const unitsPerOne = 10_000
/** Amounts beyond this are no amounts and add nothing. */
export const largestAmount = 1e11

export const collectSql = (now: Instant, ruleHolds: (ruleKey: string) => string): CollectedSql => {
  const { bind, params } = createBind()
  const events = new Set<string>()
  const eventsWithIds = new Set<string>()
  const values = createColumns('v')
  const tests = createColumns('k')
  const figures = createColumns('a')
  const traits = createColumns('t')

  const filterColumn = (filter: PropertyFilter): string =>
    values.add(filterSql(filter, 'properties', bind, (path) => values.add(propertyNumberSql(path))))

  const test = (selection: EventSelection): string => {
    const parts = [`name = ${bind(selection.event, 'String')}`]
    if (selection.lastMs !== null) parts.push(`t > ${bind(now - selection.lastMs, 'Int64')}`)
    for (const filter of selection.where) parts.push(filterColumn(filter))
    return tests.add(parts.join(' and '))
  }

  const units = (path: string): string => {
    const number = values.add(propertyNumberSql(path))
    return values.add(`toInt64(if(abs(${number}) <= ${largestAmount}, floor(${number} * ${unitsPerOne} + 0.5), 0))`)
  }

  const aggregate = (figure: EventFigure): string => {
    const when = test(figure)
    switch (figure.kind) {
      case 'count':
        return `countIf(${when})`
      case 'newest':
        return `maxIf(t, ${when})`
      case 'oldest':
        return `minIf(t, ${when})`
      case 'sum':
        return `sumIf(${units(figure.path)}, ${when})`
      case 'negatives':
        return `countIf(${when} and ${units(figure.path)} < 0)`
      case 'last':
        return `maxIf(tuple(t, message_id, ${filterColumn(figure.filter)}), ${when})`
    }
  }

  const figure = (wanted: EventFigure): string => {
    events.add(wanted.event)
    if (wanted.kind === 'last') eventsWithIds.add(wanted.event)
    return figures.add(aggregate(wanted))
  }

  const trait = (expression: (numberAt: (path: string) => string) => string): string =>
    traits.add(expression((path) => traits.add(traitNumberSql(path))))

  return {
    scope: { bind, now, figure, trait, ruleHolds },
    events,
    eventsWithIds,
    values: values.list,
    tests: tests.list,
    figures: figures.list,
    traits: traits.list,
    params,
  }
}

const createBind = (): { bind: Bind; params: Readonly<Record<string, unknown>> } => {
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
  return { bind, params }
}

const createColumns = (prefix: string) => {
  const names = new Map<string, string>()
  const list: string[] = []
  return {
    list,
    add: (expression: string): string => {
      const known = names.get(expression)
      if (known !== undefined) return known
      const name = `${prefix}${list.length}`
      names.set(expression, name)
      list.push(`${expression} as ${name}`)
      return name
    },
  }
}
