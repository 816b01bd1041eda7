import type { EquitySettings } from '@baton/contract'
import { countable, type Instant } from '../kernel/index.ts'
import { createConverter, type Unconverted } from './currency-conversion.ts'
import { type CostFact, isKept, type PersonFacts } from './customer-facts.ts'
import { type DatedRate, datedRates } from './dated-rates.ts'
import { type EarlierFigure, explainForwardChange, type ForwardChange } from './forward-change.ts'
import {
  type ComputedForwardEquity,
  computeForwardEquity,
  type ForwardEquity,
  type PersonValue,
} from './forward-equity.ts'
import type { AcquisitionAssumptions } from './future-customers.ts'
import { type OrderColumns, personsOfColumns } from './order-columns.ts'
import { historyOfOrders } from './order-history.ts'
import { yearMs } from './revenue.ts'
import { createDayOf } from './workspace-day.ts'

export interface ForwardInput {
  readonly orders: OrderColumns
  /** Acquisition costs of the year before `asOf`. */
  readonly costs: readonly CostFact[]
  readonly base: string
  readonly rates: readonly DatedRate[]
  readonly timeZone: string
  readonly asOf: Instant
  readonly settings: EquitySettings
  /** The figure it is compared with. */
  readonly before: ForwardBaseline | null
}

export interface ForwardBaseline {
  readonly totalMinor: number
  readonly futureMinor: number
  readonly customers: number
  readonly persons: readonly string[]
  readonly values: Float64Array
}

export interface ForwardOutput {
  readonly figure: WithoutPeople
  readonly acquisition: AcquisitionAssumptions
  readonly customers: number
  readonly lastOrderAt: Instant | null
  readonly unconverted: readonly Unconverted[]
  readonly change: ForwardChange | null
  readonly people: readonly PersonValue[]
}
type WithoutPeople = Exclude<ForwardEquity, ComputedForwardEquity> | Omit<ComputedForwardEquity, 'people'>

/** Fits, values everybody and says what moved the total. A second or two for 100,000 customers: not on a thread that answers. */
export const computeForward = (input: ForwardInput): ForwardOutput => {
  const { asOf, settings } = input
  const converter = createConverter(datedRates(input.base, input.rates))
  const people = personsOfColumns(input.orders)
  const history = historyOfOrders(people, converter, { asOf, unit: 'week', dayOf: createDayOf(input.timeZone) })
  const acquisition = assumeAcquisition(people, input.costs, asOf, (cost) => converter.convert(cost.amountMinor, cost))
  const forward = computeForwardEquity(history, {
    model: settings.model,
    // Where nobody said what the margin is, the figure is of revenue and says so.
    margin: settings.margin ?? 1,
    annualDiscountRate: settings.annualDiscountRate,
    horizonYears: settings.horizonYears,
    acquisition,
  })
  const common = {
    acquisition,
    customers: history.customers.length,
    lastOrderAt: lastOrder(input.orders, asOf),
    unconverted: converter.unconverted(),
  }
  if (forward.kind === 'not-computed') return { ...common, figure: forward, change: null, people: [] }
  const { people: values, ...figure } = forward
  const change = input.before === null ? null : explainForwardChange(earlierFigure(input.before), forward)
  return { ...common, figure, change, people: values }
}

/** Customers keep coming as they came in the year before, and cost as much to win. */
const assumeAcquisition = (
  people: readonly PersonFacts[],
  costs: readonly CostFact[],
  asOf: Instant,
  minorOf: (cost: CostFact) => number | null,
): AcquisitionAssumptions => {
  const since = asOf - yearMs
  let newCustomers = 0
  let firstOrderAt = Number.POSITIVE_INFINITY
  for (const { orders } of people) {
    let first = Number.POSITIVE_INFINITY
    for (const order of orders) if (isKept(order) && order.at < first) first = order.at
    if (first > asOf) continue
    firstOrderAt = Math.min(firstOrderAt, first)
    if (first > since) newCustomers += 1
  }
  const overYears = Number.isFinite(firstOrderAt) ? Math.min(1, Math.max(asOf - firstOrderAt, 1) / yearMs) : 0
  const spent = costs.filter((cost) => cost.kind === 'acquisition' && cost.at > since && cost.at <= asOf)
  const amounts = spent.map(minorOf)
  const known = amounts.filter((minor) => minor !== null)
  // A part of what it cost would look like the whole.
  const isKnown = spent.length > 0 && known.length === spent.length && newCustomers > 0
  const sum = known.reduce((total, minor) => total + minor, 0)
  return { newCustomers, overYears, costPerCustomerMinor: isKnown ? countable(Math.round(sum / newCustomers)) : null }
}

const lastOrder = ({ at }: OrderColumns, asOf: Instant): Instant | null => {
  let last = Number.NEGATIVE_INFINITY
  for (const each of at) if (each <= asOf && each > last) last = each
  return Number.isFinite(last) ? last : null
}

const earlierFigure = ({ persons, values, ...figure }: ForwardBaseline): EarlierFigure => ({
  ...figure,
  people: persons.map((personId, index) => ({ personId, valueMinor: values[index] ?? 0 })),
})
