import type { JsonObject, JsonValue } from '../collect/index.ts'
import { must } from '../kernel/index.ts'
import { flatReader, numberInText } from '../people/index.ts'
import type { FactEvent } from './facts.ts'
import type { FactsLayout } from './facts-layout.ts'
import { FlatObject } from './json-path.ts'
import type { AskedPath } from './operators/operator.ts'

/**
 * Events as bytes in a string of Latin-1 characters: the smallest thing that lives in JavaScript's memory without an object
 * of its own (twenty events take some 300 bytes; as objects 3,000). Of each: its name's number (16 bits), its time (a
 * double), what stands at each path asked for of that name, and its message id where that is asked for.
 */
export type PackedEvents = string

/** Before a value that may be anything. */
const tags = { none: 0, number: 1, text: 2, yes: 3, no: 4 } as const

let scratch = Buffer.allocUnsafe(64 * 1024)
const room = (at: number, bytes: number): void => {
  if (at + bytes <= scratch.length) return
  const bigger = Buffer.allocUnsafe(Math.max(scratch.length * 2, at + bytes))
  scratch.copy(bigger)
  scratch = bigger
}

/** Somebody with more (a bot, a till) is not remembered. */
export const mostPackedBytes = 64 * 1024

/** Those of the events that the layout asks about; null when they take more than `mostPackedBytes`. */
export const packEvents = (layout: FactsLayout, events: readonly FactEvent[]): PackedEvents | null => {
  let at = 0
  for (const { name, occurredAt, messageId, properties } of events) {
    const index = layout.indexOf.get(name)
    if (index === undefined) continue
    const { paths, withId } = must(layout.events[index], 'a layout for each name')
    room(at, 10)
    at = scratch.writeUInt16LE(index, at)
    at = scratch.writeDoubleLE(occurredAt, at)
    if (paths.length > 0) {
      const read = flatReader(properties)
      for (const asked of paths) at = packValue(asked, read(asked.path), at)
    }
    if (withId) at = packText(messageId, at)
    if (at > mostPackedBytes) return null
  }
  return scratch.toString('latin1', 0, at)
}

const packValue = ({ as }: AskedPath, value: string | number | boolean | undefined, at: number): number => {
  room(at, 9)
  if (as === 'number') {
    const number = typeof value === 'string' ? numberInText(value) : typeof value === 'number' ? value : null
    return scratch.writeDoubleLE(number ?? Number.NaN, at)
  }
  if (typeof value === 'number') return scratch.writeDoubleLE(value, scratch.writeUInt8(tags.number, at))
  if (typeof value === 'string') return packText(value, scratch.writeUInt8(tags.text, at))
  return scratch.writeUInt8(value === undefined ? tags.none : value ? tags.yes : tags.no, at)
}

const packText = (text: string, at: number): number => {
  const wellFormed = text.toWellFormed()
  const length = Buffer.byteLength(wellFormed)
  room(at, 4 + length)
  scratch.writeUInt32LE(length, at)
  return at + 4 + scratch.write(wellFormed, at + 4, 'utf8')
}

export const unpackEvents = (layout: FactsLayout, packed: PackedEvents): FactEvent[] => {
  room(0, packed.length)
  const end = scratch.write(packed, 0, 'latin1')
  const events: FactEvent[] = []
  let at = 0
  while (at < end) {
    const { name, paths, withId } = must(layout.events[scratch.readUInt16LE(at)], 'packed by this layout')
    const occurredAt = scratch.readDoubleLE(at + 2)
    at += 10
    const properties = new FlatObject() as Record<string, JsonValue>
    for (const { path, as } of paths) {
      if (as === 'number') {
        const number = scratch.readDoubleLE(at)
        at += 8
        if (!Number.isNaN(number)) properties[path] = number
        continue
      }
      const tag = scratch[at]
      at += 1
      if (tag === tags.number) {
        properties[path] = scratch.readDoubleLE(at)
        at += 8
      } else if (tag === tags.text) {
        const length = scratch.readUInt32LE(at)
        properties[path] = scratch.toString('utf8', at + 4, at + 4 + length)
        at += 4 + length
      } else if (tag !== tags.none) properties[path] = tag === tags.yes
    }
    let messageId = ''
    if (withId) {
      const length = scratch.readUInt32LE(at)
      messageId = scratch.toString('utf8', at + 4, at + 4 + length)
      at += 4 + length
    }
    events.push({ name, occurredAt, messageId, properties: properties as JsonObject })
  }
  return events
}
