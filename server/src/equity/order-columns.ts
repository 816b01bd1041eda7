import { brandAs, dayMs, type Instant, must, type PersonId } from '../kernel/index.ts'
import type { Lapse, OrderFact, PersonFacts } from './customer-facts.ts'
import { lapsesOfOrders } from './lapses-of-orders.ts'

/** Many orders by column: cheap to hand to another thread. Rows of a person stand together. */
export interface OrderColumns {
  readonly persons: readonly string[]
  /** Index into `persons` of each order. */
  readonly person: Uint32Array
  readonly at: Float64Array
  readonly netMinor: Float64Array
  /** 1 where the order cost nothing from the start, as was stated. */
  readonly isFree: Uint8Array
  readonly currency: Uint16Array
  readonly currencies: readonly string[]
}

/** Lapses of persons as the life cycle tells them. */
export interface PersonLapse extends Lapse {
  readonly personId: string
}

export interface OrderRow {
  readonly personId: string
  readonly at: Instant
  readonly netMinor: number
  readonly isFree: boolean
  readonly currency: string
}

/** Gathers rows sorted by person. */
export const createColumnsBuilder = () => {
  const persons: string[] = []
  const currencies: string[] = []
  const person: number[] = []
  const at: number[] = []
  const netMinor: number[] = []
  const isFree: number[] = []
  const currency: number[] = []
  return {
    add: (rows: readonly OrderRow[]): void => {
      for (const row of rows) {
        if (persons.at(-1) !== row.personId) persons.push(row.personId)
        let index = currencies.indexOf(row.currency)
        if (index < 0) index = currencies.push(row.currency) - 1
        person.push(persons.length - 1)
        at.push(row.at)
        netMinor.push(row.netMinor)
        isFree.push(row.isFree ? 1 : 0)
        currency.push(index)
      }
    },
    build: (): OrderColumns => ({
      persons,
      person: Uint32Array.from(person),
      at: Float64Array.from(at),
      netMinor: Float64Array.from(netMinor),
      isFree: Uint8Array.from(isFree),
      currency: Uint16Array.from(currency),
      currencies,
    }),
  }
}

/** How it is known who left: by the life cycle's moves, by the days without a kept order, or not at all. */
export type Leaving =
  | { readonly kind: 'moves'; readonly lapses: readonly PersonLapse[] }
  | { readonly kind: 'days'; readonly lostAfterDays: number }
  | { readonly kind: 'unknown' }

/** Columns back to facts of persons. */
export const personsOfColumns = (columns: OrderColumns, leaving: Leaving = { kind: 'unknown' }): PersonFacts[] => {
  const moves = Map.groupBy(leaving.kind === 'moves' ? leaving.lapses : [], (lapse) => lapse.personId)
  const lapsesOf = (personId: string, own: readonly OrderFact[]): readonly Lapse[] =>
    leaving.kind === 'days' ? lapsesOfOrders(own, leaving.lostAfterDays * dayMs) : (moves.get(personId) ?? [])
  const orders: OrderFact[][] = columns.persons.map(() => [])
  for (let index = 0; index < columns.at.length; index += 1) {
    const value = (column: ArrayLike<number>) => must(column[index], 'columns have one length')
    const own = must(orders[value(columns.person)], 'an order names a person of the columns')
    own.push({
      at: value(columns.at),
      netMinor: value(columns.netMinor),
      isFree: value(columns.isFree) === 1,
      currency: must(columns.currencies[value(columns.currency)], 'an order names a currency of the columns'),
    })
  }
  return columns.persons.map((personId, index) => {
    const own = must(orders[index], 'a list for each person')
    return { personId: brandAs<PersonId>(personId), orders: own, lapses: lapsesOf(personId, own) }
  })
}
