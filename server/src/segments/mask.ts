import type { Instant, PersonId } from '../kernel/index.ts'

/** Which rules hold for one person: bit n of word w is slot 32 w + n. */
export type Words = readonly number[]

export const hasSlot = (words: Words, slot: number): boolean =>
  (((words[Math.floor(slot / 32)] ?? 0) >>> (slot % 32)) & 1) === 1

/** How many words of 32 bits the highest possible bit needs; -1 for no bit. */
export const wordCount = (highest: number): number => Math.floor(highest / 32) + 1
export const noBits = (count: number): number[] => new Array<number>(count).fill(0)
export const setBit = (words: number[], bit: number): void => {
  const word = Math.floor(bit / 32)
  words[word] = ((words[word] ?? 0) | (1 << (bit % 32))) >>> 0
}

/** Slots that hold by one of two masks and not by the other, in ascending order. */
export const changedSlots = (before: Words, after: Words): readonly number[] => {
  const slots: number[] = []
  for (let word = 0; word < Math.max(before.length, after.length); word += 1) {
    let differing = ((before[word] ?? 0) ^ (after[word] ?? 0)) >>> 0
    while (differing !== 0) {
      const bit = 31 - Math.clz32(differing & -differing)
      slots.push(word * 32 + bit)
      differing = (differing & (differing - 1)) >>> 0
    }
  }
  return slots
}

/** What all rules said of a person, and the earliest instant at which that may change with no new fact. */
export interface MaskState {
  readonly words: Words
  readonly nextChangeAt: Instant
}

/** A person's mask as a tick writes it. */
export interface MaskRow extends MaskState {
  readonly personId: PersonId
  /** She is no more (merged into another, erased). */
  readonly gone: boolean
}

/** Rows as bytes: words a row, then for each 16 bytes of id, 1 flag, 8 bytes of instant, the words. */
export const encodeMasks = (rows: readonly MaskRow[]): Buffer => {
  const width = rows.reduce((most, { words }) => Math.max(most, words.length), 0)
  const size = 25 + width * 4
  const bytes = Buffer.alloc(2 + rows.length * size)
  bytes.writeUInt16LE(width, 0)
  rows.forEach(({ personId, words, nextChangeAt, gone }, index) => {
    const at = 2 + index * size
    bytes.write(personId.replaceAll('-', ''), at, 'hex')
    bytes.writeUInt8(gone ? 1 : 0, at + 16)
    bytes.writeDoubleLE(nextChangeAt, at + 17)
    words.forEach((word, place) => {
      bytes.writeUInt32LE(word, at + 25 + place * 4)
    })
  })
  return bytes
}

export const decodeMasks = (bytes: Buffer): readonly MaskRow[] => {
  const width = bytes.readUInt16LE(0)
  const size = 25 + width * 4
  return Array.from({ length: (bytes.length - 2) / size }, (_, index) => {
    const at = 2 + index * size
    const hex = bytes.toString('hex', at, at + 16)
    return {
      personId:
        `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as PersonId,
      words: Array.from({ length: width }, (_, place) => bytes.readUInt32LE(at + 25 + place * 4)),
      nextChangeAt: bytes.readDoubleLE(at + 17),
      gone: bytes.readUInt8(at + 16) === 1,
    }
  })
}
