import { countable, type PersonId } from '../kernel/index.ts'
import { createConverter, type ExchangeRates, type Unconverted } from './currency-conversion.ts'
import type { Period, PersonFacts } from './customer-facts.ts'
import { moveIn, relationshipOf } from './customer-relationship.ts'
import { trailingRevenue } from './revenue.ts'

/**
 * The guerrilla metrics' balance: opening + new + won back − lost = closing, in heads and in money. A customer's money
 * at an instant is her net revenue of the 12 months before it; as that changes for those who stay, too, the money
 * balance has one line more. It holds by construction: each person stands in the lines that her move touches.
 */
export interface CustomerBalance {
  readonly period: Period
  readonly currency: string
  readonly opening: BalanceLine
  readonly new: BalanceLine
  readonly wonBack: BalanceLine
  readonly lost: BalanceLine
  /** Heads: none. Money: closing less opening value of those who stayed. */
  readonly changeOfStayedMinor: number
  readonly closing: BalanceLine
  readonly unconverted: readonly Unconverted[]
}

export interface BalanceLine {
  readonly heads: number
  readonly valueMinor: number
  readonly people: readonly PersonId[]
}

export const balanceCustomers = (
  people: readonly PersonFacts[],
  period: Period,
  rates: ExchangeRates,
  converter = createConverter(rates),
): CustomerBalance => {
  const lines = {
    opening: emptyLine(),
    new: emptyLine(),
    wonBack: emptyLine(),
    lost: emptyLine(),
    closing: emptyLine(),
  }
  let changeOfStayedMinor = 0
  for (const person of people) {
    const move = moveIn(relationshipOf(person), period)
    if (move === 'none') continue
    const before = () => trailingRevenue(person.orders, period.from, converter)
    const after = () => trailingRevenue(person.orders, period.to, converter)
    const put = (name: keyof typeof lines, valueMinor: number) => {
      lines[name].heads += 1
      lines[name].valueMinor = countable(lines[name].valueMinor + valueMinor)
      lines[name].people.push(person.personId)
    }
    if (move === 'stayed') {
      const opening = before()
      const closing = after()
      put('opening', opening)
      put('closing', closing)
      changeOfStayedMinor = countable(changeOfStayedMinor + closing - opening)
    } else if (move === 'lost') {
      const opening = before()
      put('opening', opening)
      put('lost', opening)
    } else {
      const closing = after()
      put(move === 'won-back' ? 'wonBack' : 'new', closing)
      put(move === 'new-and-lost' ? 'lost' : 'closing', closing)
    }
  }
  return { period, currency: rates.base, ...lines, changeOfStayedMinor, unconverted: converter.unconverted() }
}

interface OpenLine {
  heads: number
  valueMinor: number
  people: PersonId[]
}

const emptyLine = (): OpenLine => ({ heads: 0, valueMinor: 0, people: [] })
