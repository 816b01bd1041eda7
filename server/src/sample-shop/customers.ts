import { dayMs, type Instant } from '../kernel/index.ts'
import { retailers } from './catalogue.ts'
import type { Random } from './random.ts'

/** A simulated customer: who she is and how she tends to act. */
export interface Customer {
  readonly number: number
  readonly userId: string
  readonly anonymousIds: readonly string[]
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly timeZone: string
  readonly locale: string
  readonly childAge: number
  /** First visit. */
  readonly arrivesAt: Instant
  /** Where she buys. */
  readonly seller: 'direct' | (typeof retailers)[number]
  readonly medium: 'search' | 'social' | 'fair' | 'friend' | 'retailer'
  readonly referredBy: string | null
  /** Visits to the site per day while she is interested. */
  readonly visitsPerDay: number
  /** Share of visits that end in an order, per visit. */
  readonly buysPerVisit: number
  /** Chance that she is gone for good after an order. */
  readonly leavesAfterOrder: number
  readonly spendFactor: number
  readonly opensMail: number
  readonly clicksMail: number
  readonly isHardToPlease: boolean
  readonly wantsMail: boolean
}

const firstNames = [
  'Ana',
  'Ben',
  'Carla',
  'Dario',
  'Eva',
  'Femke',
  'Giulia',
  'Hugo',
  'Ines',
  'Jonas',
  'Katja',
  'Leo',
  'Marta',
  'Nils',
  'Olga',
  'Paul',
  'Rosa',
  'Sami',
  'Tessa',
  'Ugo',
  'Vera',
  'Wim',
  'Yara',
  'Zoe',
] // prettier-ignore
const lastNames = [
  'Aalto',
  'Brandt',
  'Costa',
  'Dupont',
  'Eriksen',
  'Ferrari',
  'Garcia',
  'Hansen',
  'Ivanova',
  'Jansen',
  'Keller',
  'Lopez',
  'Moreau',
  'Novak',
  'Olsen',
  'Pereira',
  'Rossi',
  'Schmidt',
  'Torres',
  'Vidal',
  'Weber',
  'Zeman',
] // prettier-ignore
const places = [
  { value: { timeZone: 'Europe/Madrid', locale: 'es-ES' }, weight: 3 },
  { value: { timeZone: 'Europe/Berlin', locale: 'de-DE' }, weight: 3 },
  { value: { timeZone: 'Europe/Paris', locale: 'fr-FR' }, weight: 2 },
  { value: { timeZone: 'Europe/London', locale: 'en-GB' }, weight: 2 },
  { value: { timeZone: 'America/New_York', locale: 'en-US' }, weight: 1 },
]
const media = [
  { value: 'search', weight: 34 },
  { value: 'social', weight: 28 },
  { value: 'fair', weight: 8 },
  { value: 'friend', weight: 14 },
  { value: 'retailer', weight: 16 },
] as const

/**
 * Customers who arrive over the days, a third in the first ten (those the shop had when it began to measure). Buying
 * follows the mixture that BG/NBD describes: a gamma-distributed rate and a beta-distributed chance of leaving.
 */
export const makeCustomers = (random: Random, count: number, from: Instant, days: number): readonly Customer[] =>
  Array.from({ length: count }, (_, number) => makeCustomer(random.fork(`customer ${number}`), number, from, days))

const makeCustomer = (random: Random, number: number, from: Instant, days: number): Customer => {
  const firstName = random.pick(firstNames)
  const lastName = random.pick(lastNames)
  const { timeZone, locale } = random.weighted(places)
  const medium = random.weighted(media)
  const seller =
    medium === 'retailer' ? random.pick(retailers) : random.chance(0.82) ? 'direct' : random.pick(retailers)
  const arrivesInDays = random.chance(0.34) ? random.between(0, 10) : random.between(0, days)
  const browsers = random.chance(0.25) ? 2 : 1
  const tag = (number + 1).toString(36).padStart(4, '0')
  return {
    number,
    userId: `customer-${tag}`,
    anonymousIds: Array.from({ length: browsers }, (_, browser) => `browser-${tag}-${browser + 1}`),
    firstName,
    lastName,
    email: `${firstName}.${lastName}.${tag}@mail.example`.toLowerCase(),
    timeZone,
    locale,
    childAge: random.whole(2, 11),
    arrivesAt: Math.round(from + arrivesInDays * dayMs + random.between(0, dayMs)),
    seller,
    medium,
    referredBy:
      medium === 'friend' && number > 20 ? `customer-${random.whole(1, number).toString(36).padStart(4, '0')}` : null,
    visitsPerDay: random.gamma(1.1, 5.5),
    buysPerVisit: random.beta(2.2, 9),
    leavesAfterOrder: random.beta(0.9, 3),
    spendFactor: random.gamma(6, 6),
    opensMail: random.beta(3, 4),
    clicksMail: random.beta(2, 8),
    isHardToPlease: random.chance(0.07),
    wantsMail: random.chance(0.8),
  }
}
