import { countable, OperatorError, type PersonId } from '../kernel/index.ts'
import { type Converter, createConverter, type ExchangeRates, type Unconverted } from './currency-conversion.ts'
import { type CostFact, type CostKind, isKept, isWithin, type Period, type PersonFacts } from './customer-facts.ts'
import { moveIn, relationshipOf } from './customer-relationship.ts'
import { revenueIn, revenueOfLastYear, yearMs } from './revenue.ts'

/**
 * Customer equity of a period: (new customers × their average revenue − acquisition costs) + (old customers × their
 * average revenue − servicing costs) − (churned customers × their average revenue). New: first kept purchase in the
 * period. Old: kept purchases before and in it. Churned: became lost in it and are so at its end, at their revenue of
 * the 12 months up to the last purchase, scaled to the period. All in minor units of one currency.
 */
export interface PeriodStatement {
  readonly period: Period
  readonly currency: string
  readonly new: CustomerTerm
  readonly old: CustomerTerm
  readonly churned: CustomerTerm
  /** People who bought nothing in the period, but gave something back: in none of the above, and not forgotten. */
  readonly returnsOnly: CustomerTerm
  readonly acquisitionCosts: CostTerm
  readonly servicingCosts: CostTerm
  readonly result: StatementResult
  /** Left out of every figure, because an exchange rate is missing. */
  readonly unconverted: readonly Unconverted[]
}

export interface CustomerTerm {
  readonly heads: number
  readonly revenueMinor: number
  /** Rounded; null without heads. */
  readonly averageMinor: number | null
  readonly people: readonly { readonly personId: PersonId; readonly revenueMinor: number }[]
}

export interface CostTerm {
  readonly amountMinor: number
  /** What `amountMinor` is the sum of. None is not the same as that there were no costs: enter 0 to say so. */
  readonly entries: number
  /** Entered, but in no figure, because an exchange rate is missing. */
  readonly unconverted: number
  readonly byPhase: Readonly<Record<string, number>>
  readonly byChannel: Readonly<Record<string, number>>
  readonly byPartner: Readonly<Record<string, number>>
}

/** A statement without costs says so instead of showing a profit. */
export type StatementResult =
  | { readonly kind: 'equity'; readonly minor: number }
  | { readonly kind: 'equity-before-some-costs'; readonly minor: number; readonly missing: CostKind }
  | { readonly kind: 'revenue-without-costs'; readonly minor: number }

export const statePeriod = (
  people: readonly PersonFacts[],
  costs: readonly CostFact[],
  period: Period,
  rates: ExchangeRates,
  converter = createConverter(rates),
): PeriodStatement => {
  if (!(period.to > period.from))
    throw new OperatorError('The period ends before it begins. Give an end after its start.')
  const groups = {
    new: [] as PersonRevenue[],
    old: [] as PersonRevenue[],
    churned: [] as PersonRevenue[],
    returnsOnly: [] as PersonRevenue[],
  }
  for (const person of people) {
    const { personId, orders } = person
    const relationship = relationshipOf(person)
    const group = buyerGroup(person, period, relationship.firstKeptAt)
    if (group) groups[group].push({ personId, revenueMinor: revenueIn(orders, period, converter) })
    const move = moveIn(relationship, period)
    if (move === 'lost' || move === 'new-and-lost') {
      groups.churned.push({ personId, revenueMinor: scaledRevenue(person, period, converter) })
    }
  }
  const within = costs.filter((cost) => isWithin(period, cost.at))
  const terms = {
    new: sumPeople(groups.new),
    old: sumPeople(groups.old),
    churned: sumPeople(groups.churned),
    returnsOnly: sumPeople(groups.returnsOnly),
    acquisitionCosts: sumCosts(within, 'acquisition', converter),
    servicingCosts: sumCosts(within, 'servicing', converter),
  }
  return { period, currency: rates.base, ...terms, result: resultOf(terms), unconverted: converter.unconverted() }
}

type PersonRevenue = CustomerTerm['people'][number]
type BuyerGroup = 'new' | 'old' | 'returnsOnly'

const buyerGroup = ({ orders }: PersonFacts, period: Period, firstKeptAt: number | null): BuyerGroup | null => {
  const own = orders.filter((order) => isWithin(period, order.at))
  if (firstKeptAt !== null && own.some(isKept)) return firstKeptAt < period.from ? 'old' : 'new'
  return own.some((order) => order.netMinor < 0) ? 'returnsOnly' : null
}

const scaledRevenue = ({ orders }: PersonFacts, { from, to }: Period, converter: Converter): number =>
  countable(Math.round(revenueOfLastYear(orders, to, converter) * ((to - from) / yearMs)))

const sumPeople = (people: readonly PersonRevenue[]): CustomerTerm => {
  const revenueMinor = countable(people.reduce((sum, person) => sum + person.revenueMinor, 0))
  return {
    heads: people.length,
    revenueMinor,
    averageMinor: people.length === 0 ? null : Math.round(revenueMinor / people.length),
    people,
  }
}

const sumCosts = (costs: readonly CostFact[], kind: CostKind, { convert }: Converter): CostTerm => {
  const own = costs.filter((cost) => cost.kind === kind)
  const known = own.flatMap((cost) => {
    const minor = convert(cost.amountMinor, cost)
    return minor === null ? [] : [{ cost, minor }]
  })
  const by = (name: 'phase' | 'channel' | 'partner'): Record<string, number> => {
    const sums = new Map<string, number>()
    for (const { cost, minor } of known) {
      const key = cost[name]
      if (key) sums.set(key, countable((sums.get(key) ?? 0) + minor))
    }
    return Object.fromEntries(sums)
  }
  return {
    amountMinor: countable(known.reduce((sum, { minor }) => sum + minor, 0)),
    entries: known.length,
    unconverted: own.length - known.length,
    byPhase: by('phase'),
    byChannel: by('channel'),
    byPartner: by('partner'),
  }
}

type Terms = Pick<PeriodStatement, 'new' | 'old' | 'churned' | 'returnsOnly' | 'acquisitionCosts' | 'servicingCosts'>

const resultOf = (terms: Terms): StatementResult => {
  const revenue = countable(
    terms.new.revenueMinor + terms.old.revenueMinor + terms.returnsOnly.revenueMinor - terms.churned.revenueMinor,
  )
  const minor = countable(revenue - terms.acquisitionCosts.amountMinor - terms.servicingCosts.amountMinor)
  const hasAcquisition = terms.acquisitionCosts.entries > 0
  const hasServicing = terms.servicingCosts.entries > 0
  if (hasAcquisition && hasServicing) return { kind: 'equity', minor }
  if (!hasAcquisition && !hasServicing) return { kind: 'revenue-without-costs', minor: revenue }
  return { kind: 'equity-before-some-costs', minor, missing: hasAcquisition ? 'servicing' : 'acquisition' }
}
