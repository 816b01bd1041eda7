const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const opens = new Set([0x7b, 0x5b])
const closes = new Set([0x7d, 0x5d])
const blanks = new Set([0x20, 0x09, 0x0a, 0x0d, 0x3a])

/**
 * Where the elements of the top level's "batch" stand in JSON that was parsed before: bytes from, to. Of several with that
 * name the last counts, as in JSON.parse. In UTF-8 no byte of a longer character looks like one of these signs.
 */
export const elementsOfBatch = (body: Buffer): readonly (readonly [number, number])[] => {
  let found: readonly (readonly [number, number])[] = []
  let at = afterBlanks(body, 0) + 1
  for (;;) {
    at = afterBlanks(body, at)
    if (body[at] !== quote) return found
    const keyEnd = endOfText(body, at)
    const key: unknown = JSON.parse(body.toString('utf8', at, keyEnd))
    const begin = afterBlanks(body, keyEnd)
    const end = endOfValue(body, begin)
    if (key === 'batch') found = body[begin] === 0x5b ? elementsOf(body, begin) : []
    at = afterBlanks(body, end)
    if (body[at] !== comma) return found
    at += 1
  }
}

const elementsOf = (body: Buffer, array: number): readonly (readonly [number, number])[] => {
  const elements: (readonly [number, number])[] = []
  let at = afterBlanks(body, array + 1)
  while (!closes.has(body[at] ?? 0x5d)) {
    const end = endOfValue(body, at)
    elements.push([at, end])
    at = afterBlanks(body, end)
    if (body[at] === comma) at = afterBlanks(body, at + 1)
  }
  return elements
}

const afterBlanks = (body: Buffer, from: number): number => {
  let at = from
  while (blanks.has(body[at] ?? 0)) at += 1
  return at
}

const endOfText = (body: Buffer, from: number): number => {
  let at = from + 1
  while (at < body.length && body[at] !== quote) at += body[at] === backslash ? 2 : 1
  return at + 1
}

const endOfValue = (body: Buffer, from: number): number => {
  let at = from
  let depth = 0
  while (at < body.length) {
    const byte = body[at] ?? 0
    if (byte === quote) {
      at = endOfText(body, at)
      if (depth === 0) return at
      continue
    }
    if (closes.has(byte) || byte === comma) {
      if (depth === 0) return at
      if (byte !== comma) depth -= 1
      at += 1
      if (depth === 0 && byte !== comma) return at
      continue
    }
    if (opens.has(byte)) depth += 1
    else if (depth === 0 && blanks.has(byte)) return at
    at += 1
  }
  return at
}

/** The most bytes any element of the top level's "batch" takes, whatever it is, or 0. The text must be valid JSON. */
export const largestElementBytes = (body: Buffer): number =>
  elementsOfBatch(body).reduce((most, [begin, end]) => Math.max(most, end - begin), 0)
