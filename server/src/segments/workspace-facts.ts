import type { JsonObject } from '../collect/index.ts'
import { type Lane, lanes } from '../jobs/index.ts'
import type { PersonId, Position } from '../kernel/index.ts'
import type { PeopleBatch } from '../people/index.ts'
import type { Facts } from './facts.ts'
import type { FactsLayout } from './facts-layout.ts'
import { createKeptPeople, type Place } from './kept-people.ts'
import type { MaskRow, MaskState } from './mask.ts'
import { mostPackedBytes, type PackedEvents, packEvents, unpackEvents } from './packed-events.ts'

/** When what is to be remembered was read: the projection stood there or later, the newest tick was this one. */
export interface ReadAt {
  readonly projected: Record<Lane, Position>
  readonly tick: number
}

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
  /** Somebody who does not fit: she is not to be read, but asked about. */
  isTooBig(personId: PersonId): boolean
  /** Facts as ClickHouse held them, null for too many. What was read before the newest tick or telling is refused. */
  remember(personId: PersonId, person: PersonAtHand | null, readAt: ReadAt): void
  forget(personId: PersonId): void
  /** What the feed tells up to these positions, in its order. Telling the same again changes nothing. */
  tell(batches: readonly PeopleBatch[], upTo: Record<Lane, Position>): void
  /**
   * Masks were made in ClickHouse, of whoever, of facts up to these positions at most: until the feed has told as much,
   * those remembered from before may know less than their masks, and are not found.
   */
  lookedAhead(upTo: Record<Lane, Position>): void
  /** A tick of this process was written. */
  passed(tick: number, masks: readonly MaskRow[]): void
  /** Gives up those not used for longest until it holds at most so many bytes. */
  shrinkTo(bytes: number): void
}

/** About what a person costs beside her events and traits of her own. */
const bytesAPerson = 200

export const createWorkspaceFacts = (began: FactsStanding): WorkspaceFacts => {
  const { layout } = began
  const people = createKeptPeople()
  const tooBig = new Set<PersonId>()
  const share = createSharing()
  const told: Record<Lane, Position> = { live: 0 as Position, bulk: 0 as Position }
  const ahead: Record<Lane, Position> = { live: 0 as Position, bulk: 0 as Position }
  let standing = began
  let bytes = 0
  let isWanted = false

  const isFresh = (place: Place): boolean =>
    lanes.every((lane) => Math.max(people.at(place, lane), told[lane]) >= ahead[lane])
  const raise = (positions: Record<Lane, Position>, to: Record<Lane, Position>): void => {
    for (const lane of lanes) if (to[lane] > positions[lane]) positions[lane] = to[lane]
  }

  const forget = (personId: PersonId): void => {
    const place = people.placeOf(personId)
    if (place === undefined) return
    bytes -= people.bytes(place)
    people.remove(personId)
  }

  const giveUp = (personId: PersonId): void => {
    forget(personId)
    tooBig.add(personId)
  }

  const add = (personId: PersonId, place: Place, more: PackedEvents): void => {
    const events = people.events(place) + more
    people.setEvents(place, events)
    bytes += more.length
    if (events.length > mostPackedBytes) giveUp(personId)
  }

  const tellEvents = ({ lane, position, events, personOf }: PeopleBatch): void => {
    const toldOf = new Map<PersonId, PackedEvents>()
    const gaveUp: PersonId[] = []
    for (const event of events) {
      const personId = layout.indexOf.has(event.name) ? personOf.get(event.subjectId) : undefined
      const place = personId === undefined ? undefined : people.placeOf(personId)
      if (personId === undefined || place === undefined || people.at(place, lane) >= position) continue
      const packed = packEvents(layout, [event])
      if (packed === null) gaveUp.push(personId)
      else toldOf.set(personId, (toldOf.get(personId) ?? '') + packed)
    }
    for (const [personId, packed] of toldOf) {
      const place = people.placeOf(personId)
      if (place === undefined) continue
      people.setAt(place, lane, position)
      add(personId, place, packed)
    }
    for (const personId of gaveUp) giveUp(personId)
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
      const place = people.placeOf(personId)
      return place !== undefined && isFresh(place)
    },
    find: (personId) => {
      const place = people.placeOf(personId)
      if (place === undefined || !isFresh(place)) return undefined
      people.setUsed(place, true)
      const events = unpackEvents(layout, people.events(place))
      return { facts: { traits: people.traits(place), events }, mask: people.mask(place) }
    },
    isTooBig: (personId) => tooBig.has(personId),
    remember: (personId, person, { projected, tick }) => {
      if (tick !== standing.tick || lanes.some((lane) => projected[lane] < told[lane])) return
      forget(personId)
      tooBig.delete(personId)
      if (person?.facts === null) return
      const events = person === null ? null : packEvents(layout, person.facts.events)
      if (person === null || events === null) {
        tooBig.add(personId)
        return
      }
      const { traits, ownBytes } = share(person.facts.traits)
      const at = { live: projected.live, bulk: projected.bulk }
      people.add(personId, { traits, ownBytes: bytesAPerson + ownBytes, events, mask: person.mask, at })
      bytes += bytesAPerson + ownBytes + events.length
    },
    forget,
    tell: (batches, upTo) => {
      for (const batch of batches) {
        tellEvents(batch)
        for (const personId of batch.reshapedPersons) forget(personId)
      }
      raise(told, upTo)
    },
    lookedAhead: (upTo) => raise(ahead, upTo),
    passed: (tick, masks) => {
      standing = { ...standing, tick }
      if (masks.length > 0) isWanted = true
      for (const { personId, words, nextChangeAt, gone } of masks) {
        const place = people.placeOf(personId)
        if (place === undefined) continue
        if (gone) forget(personId)
        else people.setMask(place, { words, nextChangeAt })
      }
    },
    shrinkTo: (most) => {
      // Oldest first; who was used has a second chance, at the end of the line.
      for (const [personId, place] of people.inLine()) {
        if (bytes <= most) return
        if (people.wasUsed(place)) {
          people.setUsed(place, false)
          people.toTheEnd(personId)
        } else forget(personId)
      }
    },
  }
}

/** Many people have the same traits as far as rules ask: one object for all of them. Where each has her own, that is counted. */
const createSharing = () => {
  const known = new Map<string, JsonObject>()
  return (traits: JsonObject): { readonly traits: JsonObject; readonly ownBytes: number } => {
    const key = JSON.stringify(traits)
    const same = known.get(key)
    if (same !== undefined) return { traits: same, ownBytes: 0 }
    if (known.size >= mostShared) known.clear()
    known.set(key, traits)
    return { traits, ownBytes: key.length * 2 + 100 }
  }
}
const mostShared = 10_000
