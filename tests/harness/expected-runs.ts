import type { SeenEvent } from './witness-journal.ts'

/**
 * The journey that is live while things break, as its author reads it: each cart that somebody adds to enters, unless it
 * is in already; the order of that cart, received before the wait is over, ends it; else she is written to. It ends then.
 */
export interface CartRules {
  readonly entry: string
  readonly order: string
  readonly waitMs: number
}

/** What the rules say of something, as far as the testimony tells: it is sure to be, it may be, it can't be. */
export type Expected = 'must' | 'may' | 'never'

/** What must come of one event that may begin a run. */
export interface ExpectedRun {
  /** Of the event that begins it. */
  readonly messageId: string
  /** `userId …` or `anonymousId …`. */
  readonly identity: string
  readonly cart: string
  /** Is a run begun by it? Never: one was active already. */
  readonly entered: Expected
  /** Once it was begun: is it ended by the order? Otherwise by the time. */
  readonly ordered: Expected
  /** Once it was begun: is she written to? */
  readonly mailed: Expected
  /** Every address she was ever known by. */
  readonly addresses: ReadonlySet<string>
  /** The cart was seen under two identities that became one person: of two runs the younger ends as `merged`. */
  readonly mayMerge: boolean
}

/**
 * By the journey's rules and the testimony alone. An event that was not acknowledged may be there or not, and one acts at
 * some instant between the first request that carried it and its answer: where that decides, the outcome is `may`. How
 * long a run that timed out asks for membership decides nothing: it is told as of the instant at which it asked.
 */
export const expectRuns = (seen: readonly SeenEvent[], rules: CartRules): readonly ExpectedRun[] => {
  const people = peopleOf(seen)
  const carts = Map.groupBy(
    seen.filter(({ cart }) => cart !== null),
    (event) => `${people.personOf(identityOf(event))} ${event.cart}`,
  )
  return [...carts.values()].flatMap((events) => runsOfCart(events, rules, people))
}

const runsOfCart = (events: readonly SeenEvent[], rules: CartRules, people: People): readonly ExpectedRun[] => {
  const entries = events.filter(({ name }) => name === rules.entry)
  const orders = events.filter(({ name }) => name === rules.order)
  const mayMerge = new Set(events.map(identityOf)).size > 1
  const enteredBy = new Map<string, Expected>()
  for (const entry of entries) {
    const entered = mayMerge
      ? entersAsOneOfTwo(entry, entries)
      : enters(entry, { before: mayBeBefore(entry, entries), enteredBy, orders, rules })
    enteredBy.set(entry.messageId, entered)
  }
  return entries.map((entry) => {
    const identity = identityOf(entry)
    const addresses = people.addressesOf(identity)
    const ordered = mayMerge && orders.length > 0 ? 'may' : isOrdered(entry, orders, rules)
    return {
      messageId: entry.messageId,
      identity,
      cart: entry.cart ?? '',
      entered: enteredBy.get(entry.messageId) ?? 'may',
      ordered,
      mailed: mayMerge && addresses.size > 0 ? 'may' : isMailed(entry, ordered, people),
      addresses,
      mayMerge,
    }
  })
}

/** They are received in this order, whatever the instants. */
const isBefore = (left: SeenEvent, right: SeenEvent): boolean =>
  left.request === right.request ? left.index < right.index : left.to < right.from

const mayBeBefore = (event: SeenEvent, others: readonly SeenEvent[]): readonly SeenEvent[] =>
  others.filter((other) => other !== event && !isBefore(event, other))

/** Received before the wait that `entry` begins is over, if it is received after it. */
const isInTime = (event: SeenEvent, entry: SeenEvent, { waitMs }: CartRules): boolean =>
  event.request === entry.request || event.to < entry.from + waitMs

const mayBeInTime = (event: SeenEvent, entry: SeenEvent, { waitMs }: CartRules): boolean =>
  event.request === entry.request || event.from < entry.to + waitMs

const enters = (
  entry: SeenEvent,
  known: {
    /** Entries of the cart that may have come before. */
    before: readonly SeenEvent[]
    enteredBy: ReadonlyMap<string, Expected>
    orders: readonly SeenEvent[]
    rules: CartRules
  },
): Expected => {
  const { before, enteredBy, orders, rules } = known
  const isActiveStill = (other: SeenEvent) =>
    enteredBy.get(other.messageId) === 'must' &&
    isBefore(other, entry) &&
    isInTime(entry, other, rules) &&
    orders.every((order) => isBefore(order, other) || isBefore(entry, order))
  if (before.some(isActiveStill)) return 'never'
  const isOverFor = (other: SeenEvent) =>
    enteredBy.get(other.messageId) === 'never' ||
    !mayBeInTime(entry, other, rules) ||
    orders.some(
      (order) =>
        order.acknowledged && isBefore(other, order) && isInTime(order, other, rules) && isBefore(order, entry),
    )
  return entry.acknowledged && before.every(isOverFor) ? 'must' : 'may'
}

/** Whether two identities were one person already is not known from outside; who is the first of all is. */
const entersAsOneOfTwo = (entry: SeenEvent, entries: readonly SeenEvent[]): Expected =>
  entry.acknowledged && mayBeBefore(entry, entries).length === 0 ? 'must' : 'may'

const isOrdered = (entry: SeenEvent, orders: readonly SeenEvent[], rules: CartRules): Expected => {
  const possible = orders.filter((order) => !isBefore(order, entry) && mayBeInTime(order, entry, rules))
  if (possible.length === 0) return 'never'
  const isSure = (order: SeenEvent) => order.acknowledged && isBefore(entry, order) && isInTime(order, entry, rules)
  return possible.some(isSure) ? 'must' : 'may'
}

/** Who is written to has an address; policy lets everything through. */
const isMailed = (entry: SeenEvent, ordered: Expected, people: People): Expected => {
  const identity = identityOf(entry)
  if (ordered === 'must' || people.addressesOf(identity).size === 0) return 'never'
  return ordered === 'never' && people.hasAddressBefore(identity, entry) ? 'must' : 'may'
}

const identityOf = ({ userId, anonymousId }: SeenEvent): string =>
  userId === null ? `anonymousId ${anonymousId}` : `userId ${userId}`

interface People {
  /** One name for all identities that some identify brought together. */
  personOf(identity: string): string
  addressesOf(identity: string): ReadonlySet<string>
  /** Her address was acknowledged, under this very identity, before that event. */
  hasAddressBefore(identity: string, event: SeenEvent): boolean
}

const peopleOf = (seen: readonly SeenEvent[]): People => {
  const identifies = seen.filter(({ name }) => name === null)
  const leaders = new Map<string, string>()
  const personOf = (identity: string): string => {
    const leader = leaders.get(identity)
    return leader === undefined ? identity : personOf(leader)
  }
  for (const { userId, anonymousId } of identifies) {
    if (userId === null || anonymousId === null) continue
    const [user, browser] = [personOf(`userId ${userId}`), personOf(`anonymousId ${anonymousId}`)]
    if (user !== browser) leaders.set(browser, user)
  }
  const withAddress = Map.groupBy(
    identifies.filter(({ email }) => email !== null),
    (event) => personOf(identityOf(event)),
  )
  return {
    personOf,
    addressesOf: (identity) => new Set((withAddress.get(personOf(identity)) ?? []).flatMap(({ email }) => email ?? [])),
    hasAddressBefore: (identity, event) =>
      (withAddress.get(personOf(identity)) ?? []).some(
        (identify) => identify.acknowledged && identityOf(identify) === identity && isBefore(identify, event),
      ),
  }
}
