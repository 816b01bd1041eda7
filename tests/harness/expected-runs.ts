import type { SeenEvent, Testimony } from './witness-journal.ts'

/**
 * The journey that is live while things break, as its author reads it: each cart that somebody adds to enters, unless it
 * is in already; the order of that cart, received before the wait is over, ends it; else she is written to, if she agreed
 * to that and has neither taken it back nor left. It ends then.
 */
export interface CartRules {
  readonly entry: string
  readonly order: string
  readonly waitMs: number
}

/** What the rules say of something, as far as the testimony tells: it is sure to be, it may be, it can't be. */
export type Expected = 'must' | 'may' | 'never'

export const reasonsAgainst = ['neverGave', 'withdrew', 'left'] as const
/** She never agreed, she took it back by an event, she left by the link of a mail. */
export type Forbidden = (typeof reasonsAgainst)[number]

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
  /** Whether she would be, if policy asked for nothing. */
  readonly mailedOtherwise: Expected
  /** Why she must not be, by what was answered before the wait could be over. */
  readonly forbidden: Forbidden | null
  /** The wait was over at an instant not before this one. */
  readonly dueFrom: number
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
export const expectRuns = (
  seen: Pick<Testimony, 'events' | 'departures'>,
  rules: CartRules,
): readonly ExpectedRun[] => {
  const people = peopleOf(seen)
  const carts = Map.groupBy(
    seen.events.filter(({ cart }) => cart !== null),
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
    const mailedOtherwise = mayMerge && addresses.size > 0 ? 'may' : isMailed(entry, ordered, people)
    const { allowed, because } = people.mayBeWrittenTo(entry, rules)
    return {
      messageId: entry.messageId,
      identity,
      cart: entry.cart ?? '',
      entered: enteredBy.get(entry.messageId) ?? 'may',
      ordered,
      mailed: both(mailedOtherwise, allowed),
      mailedOtherwise,
      forbidden: because,
      dueFrom: entry.from + rules.waitMs,
      addresses,
      mayMerge,
    }
  })
}

const both = (one: Expected, other: Expected): Expected => {
  if (one === 'never' || other === 'never') return 'never'
  return one === 'must' && other === 'must' ? 'must' : 'may'
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

/** Who is written to has an address. */
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
  /** Whether policy lets that entry's mail through; what was answered before the wait could be over decides. */
  mayBeWrittenTo(entry: SeenEvent, rules: CartRules): { readonly allowed: Expected; readonly because: Forbidden | null }
}

const peopleOf = ({ events: seen, departures }: Pick<Testimony, 'events' | 'departures'>): People => {
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
  const addressesOf = (identity: string) =>
    new Set((withAddress.get(personOf(identity)) ?? []).flatMap(({ email }) => email ?? []))
  const statements = Map.groupBy(
    seen.filter(({ consent }) => consent !== null),
    (event) => personOf(identityOf(event)),
  )
  const departuresBy = Map.groupBy(departures, ({ recipient }) => recipient)
  return {
    personOf,
    addressesOf,
    hasAddressBefore: (identity, event) =>
      (withAddress.get(personOf(identity)) ?? []).some(
        (identify) => identify.acknowledged && identityOf(identify) === identity && isBefore(identify, event),
      ),
    mayBeWrittenTo: (entry, { waitMs }) => {
      const identity = identityOf(entry)
      const said = statements.get(personOf(identity)) ?? []
      const given = said.filter(({ consent }) => consent)
      const withdrawn = said.filter(({ consent }) => !consent)
      const left = [...addressesOf(identity)].flatMap((address) => departuresBy.get(address) ?? [])
      const isHeard = ({ acknowledged, to }: Pick<SeenEvent, 'acknowledged' | 'to'>) =>
        acknowledged && to < entry.from + waitMs
      const isHers = (event: SeenEvent) => identityOf(event) === identity
      const isLast = ({ from }: SeenEvent) => given.every(({ to }) => to < from)
      if (given.length === 0) return { allowed: 'never', because: 'neverGave' }
      if (withdrawn.some((event) => isHers(event) && isHeard(event) && isLast(event)))
        return { allowed: 'never', because: 'withdrew' }
      const isToldHere = (address: string) => identifies.some((event) => event.email === address && isHers(event))
      if (left.some((departure) => isHeard(departure) && isToldHere(departure.recipient)))
        return { allowed: 'never', because: 'left' }
      const isSure =
        withdrawn.length === 0 && left.length === 0 && given.some((event) => isHers(event) && isHeard(event))
      return { allowed: isSure ? 'must' : 'may', because: null }
    },
  }
}
