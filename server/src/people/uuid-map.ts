import { hash } from 'node:crypto'

/**
 * A map to UUIDs that lives outside the garbage collector's heap, where a million entries are marked again and again: 32
 * bytes a place in arrays of integers, open addressing with linear probing. Entries are never taken out.
 */
export interface UuidMap {
  /** Of its arrays. */
  readonly bytes: number
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
/** Each grows by itself, so that none of them keeps the thread for more than some milliseconds. */
const tables = 64
const firstSlots = 4
/** Fuller than this, probes grow long. */
const mostFull = 0.7

const createMap = (wordsOf: WordsOf): UuidMap => {
  const key = new Int32Array(4)
  const all = Array.from({ length: tables }, createTable)
  let bytes = tables * firstSlots * wordsAnEntry * 4
  return {
    get bytes() {
      return bytes
    },
    get: (text) => {
      wordsOf(text, key)
      return all[mixed(key) % tables]?.get(key)
    },
    set: (text, uuid) => {
      wordsOf(text, key)
      bytes += all[mixed(key) % tables]?.set(key, uuid) ?? 0
    },
  }
}

const createTable = () => {
  let slots = firstSlots
  let words = new Int32Array(slots * wordsAnEntry)
  let size = 0

  const isFree = (at: number): boolean =>
    words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0

  /** Where the key stands, or the free place where it would. A free place is all zeros, which no key is. */
  const placeOf = (key: Int32Array): number => {
    const [a, b, c, d] = key
    for (let slot = Math.floor(mixed(key) / tables); ; slot++) {
      const at = (slot & (slots - 1)) * wordsAnEntry
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return at
      if (isFree(at)) return at
    }
  }

  const grow = () => {
    const old = words
    slots *= 2
    words = new Int32Array(slots * wordsAnEntry)
    for (let from = 0; from < old.length; from += wordsAnEntry) {
      const entry = old.subarray(from, from + wordsAnEntry)
      if (entry[0] !== 0 || entry[1] !== 0 || entry[2] !== 0 || entry[3] !== 0) words.set(entry, placeOf(entry))
    }
  }

  return {
    get: (key: Int32Array): string | undefined => {
      const at = placeOf(key)
      return isFree(at) ? undefined : readUuid(words, at + 4)
    },
    /** Answers by how many bytes it grew. */
    set: (key: Int32Array, uuid: string): number => {
      let at = placeOf(key)
      let grown = 0
      if (isFree(at)) {
        size += 1
        if (size > slots * mostFull) {
          grow()
          grown = words.byteLength / 2
          at = placeOf(key)
        }
        words.set(key, at)
      }
      writeWords(uuid, words.subarray(at + 4, at + 8))
      return grown
    },
  }
}

/** 32 bits of a key: of a UUID of version 7 the last word is random and the first is not; of a digest all are. */
const mixed = (key: Int32Array): number => {
  const [a = 0, b = 0, c = 0, d = 0] = key
  return Math.imul(d ^ Math.imul(a, 0x85ebca6b) ^ Math.imul(b, 0xc2b2ae35) ^ Math.imul(c, 0x27d4eb2f), 0x9e3779b1) >>> 0
}

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

const written = Buffer.alloc(36)
for (const at of hyphens) written[at] = '-'.charCodeAt(0)

const readUuid = (words: Int32Array, from: number): string => {
  for (let word = 0; word < 4; word++) {
    const bits = words[from + word] ?? 0
    for (let byte = 0; byte < 4; byte++) {
      const at = byteAt[word * 4 + byte] ?? 0
      const value = (bits >>> (24 - 8 * byte)) & 0xff
      written[at] = digits[value >>> 4] ?? 0
      written[at + 1] = digits[value & 15] ?? 0
    }
  }
  return written.toString('latin1')
}
