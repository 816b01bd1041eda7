import { hash } from 'node:crypto'

/**
 * A map to UUIDs that lives outside the garbage collector's heap, where a million entries are marked again and again: 32
 * bytes an entry in one array of integers, open addressing with linear probing. Entries are never taken out.
 */
export interface UuidMap {
  readonly size: number
  get(key: string): string | undefined
  set(key: string, uuid: string): void
}

/** Writes the 128 bits that stand for a key; equal keys must give equal bits, different ones different bits. */
type WordsOf = (key: string, into: Int32Array) => void

/** From texts of any length: by 128 bits of SHA-256 with a secret before it, so that nobody can choose texts that collide. */
export const createTextToUuidMap = (secret: string): UuidMap =>
  createMap((text, into) => {
    const digest = hash('sha256', secret + text, 'latin1')
    for (let word = 0; word < 4; word++) into[word] = wordAt(digest, word * 4)
  })

const wordAt = (bytes: string, at: number): number =>
  bytes.charCodeAt(at) |
  (bytes.charCodeAt(at + 1) << 8) |
  (bytes.charCodeAt(at + 2) << 16) |
  (bytes.charCodeAt(at + 3) << 24)

/** From UUIDs written as PostgreSQL writes them: lower case, with hyphens; any but the nil UUID. */
export const createUuidToUuidMap = (): UuidMap => createMap(writeWords)

const wordsAnEntry = 8
const firstSlots = 1_024
/** Fuller than this, probes grow long. */
const mostFull = 0.7

const createMap = (wordsOf: WordsOf): UuidMap => {
  const key = new Int32Array(4)
  let slots = firstSlots
  let table = new Int32Array(slots * wordsAnEntry)
  let size = 0

  /** Where the key stands, or the free place where it would. A free place is all zeros, which no key is. */
  const placeOf = (a: number, b: number, c: number, d: number): number => {
    for (let slot = slotOf(a, b, c, d); ; slot++) {
      const at = (slot & (slots - 1)) * wordsAnEntry
      const [w, x, y, z] = [table[at], table[at + 1], table[at + 2], table[at + 3]]
      if ((w === a && x === b && y === c && z === d) || (w === 0 && x === 0 && y === 0 && z === 0)) return at
    }
  }

  const isFree = (at: number): boolean =>
    table[at] === 0 && table[at + 1] === 0 && table[at + 2] === 0 && table[at + 3] === 0

  const place = (of: Int32Array, from: number): number =>
    placeOf(of[from] ?? 0, of[from + 1] ?? 0, of[from + 2] ?? 0, of[from + 3] ?? 0)

  const grow = () => {
    const old = table
    slots *= 2
    table = new Int32Array(slots * wordsAnEntry)
    for (let from = 0; from < old.length; from += wordsAnEntry)
      if (old[from] !== 0 || old[from + 1] !== 0 || old[from + 2] !== 0 || old[from + 3] !== 0)
        table.set(old.subarray(from, from + wordsAnEntry), place(old, from))
  }

  return {
    get size() {
      return size
    },
    get: (text) => {
      wordsOf(text, key)
      const at = place(key, 0)
      return isFree(at) ? undefined : readUuid(table, at + 4)
    },
    set: (text, uuid) => {
      wordsOf(text, key)
      let at = place(key, 0)
      if (isFree(at)) {
        if (size + 1 > slots * mostFull) {
          grow()
          at = place(key, 0)
        }
        size += 1
        table.set(key, at)
      }
      writeWords(uuid, table.subarray(at + 4, at + 8))
    },
  }
}

/** Of a UUID of version 7 the last word is random and the first is not; of a digest all are. */
const slotOf = (a: number, b: number, c: number, d: number): number =>
  Math.imul(d ^ Math.imul(a, 0x85ebca6b) ^ Math.imul(b, 0xc2b2ae35) ^ Math.imul(c, 0x27d4eb2f), 0x9e3779b1) >>> 0

/** Where the 16 bytes of a UUID stand in its text. */
const byteAt = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const
const hyphens = [8, 13, 18, 23] as const

const valueOfDigit = new Uint8Array(128)
for (let digit = 0; digit < 16; digit++) valueOfDigit[digit.toString(16).charCodeAt(0)] = digit
const digits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

function writeWords(uuid: string, into: Int32Array): void {
  for (let word = 0; word < 4; word++) {
    let bits = 0
    for (let byte = 0; byte < 4; byte++) {
      const at = byteAt[word * 4 + byte] ?? 0
      const high = valueOfDigit[uuid.charCodeAt(at)] ?? 0
      const low = valueOfDigit[uuid.charCodeAt(at + 1)] ?? 0
      bits = (bits << 8) | (high << 4) | low
    }
    into[word] = bits
  }
}

const text = Buffer.alloc(36)
for (const at of hyphens) text[at] = '-'.charCodeAt(0)

const readUuid = (words: Int32Array, from: number): string => {
  for (let word = 0; word < 4; word++) {
    const bits = words[from + word] ?? 0
    for (let byte = 0; byte < 4; byte++) {
      const at = byteAt[word * 4 + byte] ?? 0
      const value = (bits >>> (24 - 8 * byte)) & 0xff
      text[at] = digits[value >>> 4] ?? 0
      text[at + 1] = digits[value & 15] ?? 0
    }
  }
  return text.toString('latin1')
}
