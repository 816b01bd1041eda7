import type { JsonObject } from '../collect/index.ts'
import { type Lane, lanes } from '../jobs/index.ts'
import type { PersonId, Position } from '../kernel/index.ts'
import type { PeopleBatch } from '../people/index.ts'
import type { Facts } from './facts.ts'
import type { FactsLayout } from './facts-layout.ts'
import type { MaskRow, MaskState } from './mask.ts'
import { type PackedEvents, packEvents, unpackEvents } from './packed-events.ts'

/** What a tick needs to know of one person. */
export interface PersonAtHand {
  /** Null: she is no more. */
  readonly facts: Facts | null
  /** As the last tick wrote it; null when she has none. */
  readonly mask: MaskState | null
}

/** Where a memory stands. After somebody else's tick, another lease or another layout it knows nothing. */
export interface FactsStanding {
  readonly tick: number
  readonly leaseToken: number
  readonly layout: FactsLayout
}

/**
 * The facts of people whom ticks looked at lately, kept by the process that holds the lease, so that a tick asks ClickHouse
 * only about those it has not seen. The feed, which tells every fact after the projection, keeps them up to date; whoever
 * was reshaped (traits, merges) is forgotten and read anew.
 */
export interface WorkspaceFacts {
  readonly standing: FactsStanding
  /** About what is held. */
  readonly bytes: number
  /** The last person of those read ahead; null before the first, undefined when there is nobody left to read ahead. */
  readAheadFrom: PersonId | null | undefined
  /** A tick of this process was about somebody: a workspace where nothing happens is not read ahead. */
  readonly isWanted: boolean
  /** Whether she is remembered with all that any mask was made of. */
  has(personId: PersonId): boolean
  find(personId: PersonId): PersonAtHand | undefined
  /** Facts as ClickHouse held them when the projection stood at `projected` or later. */
  remember(personId: PersonId, person: PersonAtHand, projected: Record<Lane, Position>): void
  forget(personId: PersonId): void
  /** What the feed tells up to these positions, in its order. Telling the same again changes nothing. */
  tell(batches: readonly PeopleBatch[], upTo: Record<Lane, Position>): void
  /**
   * Masks were made in ClickHouse of facts up to these positions, of whoever: until the feed has told as much, those
   * remembered from before know less than their masks, and are not found.
   */
  lookedAhead(projected: Record<Lane, Position>): void
  /** A tick of this process was written. */
  passed(tick: number, masks: readonly MaskRow[]): void
  /** Gives up those not used for longest until it holds at most so many bytes. */
  shrinkTo(bytes: number): void
}

interface Kept {
  readonly traits: JsonObject
  events: PackedEvents
  mask: MaskState | null
  /** Everything at or before these positions of the log is among her events. */
  readonly at: Record<Lane, Position>
  /** Since the last sweep. */
  wasUsed: boolean
}

/** About what a person costs beside her events. */
const bytesAPerson = 400
/** Somebody with more (a bot, a till) is ClickHouse's work. */
const mostBytesAPerson = 64 * 1024

export const createWorkspaceFacts = (began: FactsStanding): WorkspaceFacts => {
  const { layout } = began
  const people = new Map<PersonId, Kept>()
  const share = createSharing()
  const told: Record<Lane, Position> = { live: 0 as Position, bulk: 0 as Position }
  const ahead: Record<Lane, Position> = { live: 0 as Position, bulk: 0 as Position }
  let standing = began
  let bytes = 0
  let isWanted = false

  const isFresh = ({ at }: Kept): boolean => lanes.every((lane) => Math.max(at[lane], told[lane]) >= ahead[lane])
  const raise = (positions: Record<Lane, Position>, to: Record<Lane, Position>): void => {
    for (const lane of lanes) if (to[lane] > positions[lane]) positions[lane] = to[lane]
  }

  const forget = (personId: PersonId): void => {
    const kept = people.get(personId)
    if (kept === undefined) return
    people.delete(personId)
    bytes -= bytesAPerson + kept.events.length
  }

  const add = (personId: PersonId, kept: Kept, events: PackedEvents): void => {
    kept.events += events
    bytes += events.length
    if (kept.events.length > mostBytesAPerson) forget(personId)
  }

  const tellEvents = ({ lane, position, events, personOf }: PeopleBatch): void => {
    const toldOf = new Map<PersonId, PackedEvents>()
    for (const event of events) {
      const personId = layout.indexOf.has(event.name) ? personOf.get(event.subjectId) : undefined
      const kept = personId === undefined ? undefined : people.get(personId)
      if (personId === undefined || kept === undefined || kept.at[lane] >= position) continue
      toldOf.set(personId, (toldOf.get(personId) ?? '') + packEvents(layout, [event]))
    }
    for (const [personId, packed] of toldOf) {
      const kept = people.get(personId)
      if (kept === undefined) continue
      kept.at[lane] = position
      add(personId, kept, packed)
    }
  }

  return {
    get standing() {
      return standing
    },
    get bytes() {
      return bytes
    },
    get isWanted() {
      return isWanted
    },
    readAheadFrom: null,
    has: (personId) => {
      const kept = people.get(personId)
      return kept !== undefined && isFresh(kept)
    },
    find: (personId) => {
      const kept = people.get(personId)
      if (kept === undefined || !isFresh(kept)) return undefined
      kept.wasUsed = true
      return { facts: { traits: kept.traits, events: unpackEvents(layout, kept.events) }, mask: kept.mask }
    },
    remember: (personId, { facts, mask }, projected) => {
      forget(personId)
      if (facts === null) return
      const events = packEvents(layout, facts.events)
      if (events.length > mostBytesAPerson) return
      const at = { live: projected.live, bulk: projected.bulk }
      people.set(personId, { traits: share(facts.traits), events, mask, at, wasUsed: true })
      bytes += bytesAPerson + events.length
    },
    forget,
    tell: (batches, upTo) => {
      for (const batch of batches) {
        tellEvents(batch)
        for (const personId of batch.reshapedPersons) forget(personId)
      }
      raise(told, upTo)
    },
    lookedAhead: (projected) => raise(ahead, projected),
    passed: (tick, masks) => {
      standing = { ...standing, tick }
      if (masks.length > 0) isWanted = true
      for (const { personId, words, nextChangeAt, gone } of masks) {
        const kept = people.get(personId)
        if (kept === undefined) continue
        if (gone) forget(personId)
        else kept.mask = { words, nextChangeAt }
      }
    },
    shrinkTo: (most) => {
      // Oldest first; who was used has a second chance, at the end of the line.
      for (const [personId, kept] of people) {
        if (bytes <= most) return
        if (kept.wasUsed) {
          kept.wasUsed = false
          people.delete(personId)
          people.set(personId, kept)
        } else forget(personId)
      }
    },
  }
}

/** Many people have the same traits as far as rules ask: one object for all of them. */
const createSharing = () => {
  const known = new Map<string, JsonObject>()
  return (traits: JsonObject): JsonObject => {
    const key = JSON.stringify(traits)
    const same = known.get(key)
    if (same !== undefined) return same
    if (known.size < mostShared) known.set(key, traits)
    return traits
  }
}
const mostShared = 10_000
