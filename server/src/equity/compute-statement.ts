import type { EquityTerm } from '@baton/contract'
import { countable, type Instant } from '../kernel/index.ts'
import { createConverter } from './currency-conversion.ts'
import { type BalanceLine, balanceCustomers, type CustomerBalance } from './customer-balance.ts'
import type { CostFact, Period } from './customer-facts.ts'
import { type DatedRate, datedRates } from './dated-rates.ts'
import { type Leaving, type OrderColumns, personsOfColumns } from './order-columns.ts'
import { type CustomerTerm, type PeriodStatement, statePeriod } from './period-statement.ts'
import { type WaterfallStep, waterfallOf } from './statement-waterfall.ts'

export interface StatementInput {
  readonly orders: OrderColumns
  readonly leaving: Leaving
  readonly costs: readonly CostFact[]
  readonly guests: readonly GuestOrders[]
  readonly base: string
  readonly rates: readonly DatedRate[]
  readonly period: Period
}

/** Orders of a currency that name no customer, no rate changing between them. */
export interface GuestOrders {
  readonly currency: string
  readonly orders: number
  readonly netMinor: number
  /** The first of them. */
  readonly at: Instant
}

type WithoutPeople<T> = Omit<T, 'people'>
export interface StatementFigures
  extends Omit<PeriodStatement, 'new' | 'old' | 'churned' | 'returnsOnly' | 'period' | 'unconverted'> {
  readonly new: WithoutPeople<CustomerTerm>
  readonly old: WithoutPeople<CustomerTerm>
  readonly churned: WithoutPeople<CustomerTerm>
  readonly returnsOnly: WithoutPeople<CustomerTerm>
  readonly guests: { readonly orders: number; readonly revenueMinor: number }
  readonly waterfall: readonly WaterfallStep[]
  readonly balance: Record<'opening' | 'new' | 'wonBack' | 'lost' | 'closing', WithoutPeople<BalanceLine>> & {
    readonly changeOfStayedMinor: number
  }
  /** Left out of any of the figures: also what was ordered before the period and is missing in the balance. */
  readonly unconverted: PeriodStatement['unconverted']
}

/** The figures of a period's statement, without the people behind them. */
export const computeStatement = (input: StatementInput): StatementFigures => {
  const people = personsOfColumns(input.orders, input.leaving)
  const rates = datedRates(input.base, input.rates)
  const converter = createConverter(rates)
  const { period: _, ...statement } = statePeriod(people, input.costs, input.period, rates, converter)
  const balance = balanceCustomers(people, input.period, rates, converter)
  const guests = {
    orders: input.guests.reduce((sum, row) => sum + row.orders, 0),
    revenueMinor: countable(input.guests.reduce((sum, row) => sum + (converter.convert(row.netMinor, row) ?? 0), 0)),
  }
  return {
    ...statement,
    guests,
    unconverted: converter.unconverted(),
    new: withoutPeople(statement.new),
    old: withoutPeople(statement.old),
    churned: withoutPeople(statement.churned),
    returnsOnly: withoutPeople(statement.returnsOnly),
    waterfall: waterfallOf({ period: input.period, ...statement }),
    balance: {
      opening: withoutPeople(balance.opening),
      new: withoutPeople(balance.new),
      wonBack: withoutPeople(balance.wonBack),
      lost: withoutPeople(balance.lost),
      closing: withoutPeople(balance.closing),
      changeOfStayedMinor: balance.changeOfStayedMinor,
    },
  }
}

const withoutPeople = <T extends { readonly people: unknown }>({ people: _, ...rest }: T): Omit<T, 'people'> => rest

export interface TermPerson {
  readonly personId: string
  readonly revenueMinor: number | null
}

export interface TermInput extends Omit<StatementInput, 'costs' | 'guests'> {
  readonly term: EquityTerm
  readonly offset: number
  readonly limit: number
}

/** A page of the people behind a term, most revenue first. */
export const listTermPeople = (input: TermInput): { heads: number; people: readonly TermPerson[] } => {
  const facts = personsOfColumns(input.orders, input.leaving)
  const rates = datedRates(input.base, input.rates)
  const all = peopleOfTerm(
    input.term,
    () => statePeriod(facts, [], input.period, rates),
    () => balanceCustomers(facts, input.period, rates),
  )
  const sorted = all.toSorted(
    (a, b) => (b.revenueMinor ?? 0) - (a.revenueMinor ?? 0) || (a.personId < b.personId ? -1 : 1),
  )
  return { heads: all.length, people: sorted.slice(input.offset, input.offset + input.limit) }
}

const peopleOfTerm = (
  term: EquityTerm,
  statement: () => PeriodStatement,
  balance: () => CustomerBalance,
): readonly TermPerson[] => {
  const ofLine = (line: BalanceLine) => line.people.map((personId) => ({ personId, revenueMinor: null }))
  switch (term) {
    case 'new':
      return statement().new.people
    case 'old':
      return statement().old.people
    case 'churned':
      return statement().churned.people
    case 'returns-only':
      return statement().returnsOnly.people
    case 'opening':
      return ofLine(balance().opening)
    case 'won-back':
      return ofLine(balance().wonBack)
    case 'lost':
      return ofLine(balance().lost)
    case 'closing':
      return ofLine(balance().closing)
  }
}
