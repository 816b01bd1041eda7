import type { JsonObject } from '../collect/index.ts'
import type { Lane } from '../jobs/index.ts'
import { brandAs, type PersonId, type Position } from '../kernel/index.ts'
import type { MaskState } from './mask.ts'
import type { PackedEvents } from './packed-events.ts'

/** What is kept of one person. */
export interface Kept {
  /** Shared with others who have the same. */
  readonly traits: JsonObject
  /** About what she costs beside her events. */
  readonly ownBytes: number
  readonly events: PackedEvents
  readonly mask: MaskState | null
  /** Everything at or before these positions of the log is among her events. */
  readonly at: Record<Lane, Position>
}

/** Where a person stands in the columns, until she is removed. */
export type Place = number

/**
 * What is kept of each person, in columns: two strings and an entry each for the garbage collector, which marks a million
 * people again and again, and the numbers in arrays that it does not look into.
 */
export interface KeptPeople {
  placeOf(personId: PersonId): Place | undefined
  /** Puts somebody who is not there at the end of the line. */
  add(personId: PersonId, kept: Kept): void
  remove(personId: PersonId): void
  /** Everybody, who was added or sent to the end first before the others; going on while some are removed or sent there. */
  inLine(): Iterable<[PersonId, Place]>
  toTheEnd(personId: PersonId): void
  traits(place: Place): JsonObject
  events(place: Place): PackedEvents
  setEvents(place: Place, events: PackedEvents): void
  bytes(place: Place): number
  mask(place: Place): MaskState | null
  setMask(place: Place, mask: MaskState | null): void
  at(place: Place, lane: Lane): Position
  setAt(place: Place, lane: Lane, position: Position): void
  wasUsed(place: Place): boolean
  setUsed(place: Place, wasUsed: boolean): void
}

const firstRoom = 64
/** In the place of a number of words. */
const noMask = 0xffff
const nobodysTraits: JsonObject = {}

export const createKeptPeople = (): KeptPeople => {
  const places = new Map<PersonId, Place>()
  const free: Place[] = []
  const traits: JsonObject[] = []
  const events: PackedEvents[] = []
  let room = firstRoom
  /** Words of a mask that there is room for. */
  let width = 1
  let words = new Uint32Array(room * width)
  let numbers = columnsFor(room)

  const grow = () => {
    room *= 2
    numbers = columnsFor(room, numbers)
    const moreWords = new Uint32Array(room * width)
    moreWords.set(words)
    words = moreWords
  }

  const widen = (to: number) => {
    const wider = new Uint32Array(room * to)
    for (let place = 0; place < room; place++)
      wider.set(words.subarray(place * width, place * width + width), place * to)
    words = wider
    width = to
  }

  /** Nobody is left: the columns go, too. */
  const empty = () => {
    room = firstRoom
    numbers = columnsFor(room)
    words = new Uint32Array(room * width)
    for (const column of [free, traits, events]) column.length = 0
  }

  const newPlace = (): Place => {
    const left = free.pop()
    if (left !== undefined) return left
    if (traits.length === room) grow()
    traits.push(nobodysTraits)
    return events.push('') - 1
  }

  const setMask = (place: Place, mask: MaskState | null): void => {
    numbers.wordCount[place] = mask === null ? noMask : mask.words.length
    if (mask === null) return
    if (mask.words.length > width) widen(mask.words.length)
    words.set(mask.words, place * width)
    numbers.nextChangeAt[place] = mask.nextChangeAt
  }

  return {
    placeOf: (personId) => places.get(personId),
    add: (personId, kept) => {
      const place = newPlace()
      places.set(personId, place)
      traits[place] = kept.traits
      events[place] = kept.events
      numbers.ownBytes[place] = kept.ownBytes
      numbers.live[place] = kept.at.live
      numbers.bulk[place] = kept.at.bulk
      numbers.used[place] = 1
      setMask(place, kept.mask)
    },
    remove: (personId) => {
      const place = places.get(personId)
      if (place === undefined) return
      places.delete(personId)
      traits[place] = nobodysTraits
      events[place] = ''
      free.push(place)
      if (places.size === 0) empty()
    },
    inLine: () => places,
    toTheEnd: (personId) => {
      const place = places.get(personId)
      if (place === undefined) return
      places.delete(personId)
      places.set(personId, place)
    },
    traits: (place) => traits[place] ?? nobodysTraits,
    events: (place) => events[place] ?? '',
    setEvents: (place, packed) => {
      events[place] = packed
    },
    bytes: (place) => (numbers.ownBytes[place] ?? 0) + (events[place]?.length ?? 0),
    mask: (place) => {
      const count = numbers.wordCount[place] ?? noMask
      if (count === noMask) return null
      const from = place * width
      return {
        words: Array.from(words.subarray(from, from + count)),
        nextChangeAt: numbers.nextChangeAt[place] ?? 0,
      }
    },
    setMask,
    at: (place, lane) => brandAs<Position>(numbers[lane][place] ?? 0),
    setAt: (place, lane, position) => {
      numbers[lane][place] = position
    },
    wasUsed: (place) => numbers.used[place] === 1,
    setUsed: (place, wasUsed) => {
      numbers.used[place] = wasUsed ? 1 : 0
    },
  }
}

/** Columns of so much room, with what stood in narrower ones. */
const columnsFor = (room: number, before?: Columns): Columns => ({
  ownBytes: longer(new Uint32Array(room), before?.ownBytes),
  live: longer(new Float64Array(room), before?.live),
  bulk: longer(new Float64Array(room), before?.bulk),
  nextChangeAt: longer(new Float64Array(room), before?.nextChangeAt),
  wordCount: longer(new Uint16Array(room), before?.wordCount),
  used: longer(new Uint8Array(room), before?.used),
})
interface Columns {
  readonly ownBytes: Uint32Array
  readonly live: Float64Array
  readonly bulk: Float64Array
  readonly nextChangeAt: Float64Array
  readonly wordCount: Uint16Array
  readonly used: Uint8Array
}

const longer = <Column extends { set(values: ArrayLike<number>): void }>(
  column: Column,
  before: ArrayLike<number> | undefined,
): Column => {
  if (before !== undefined) column.set(before)
  return column
}
