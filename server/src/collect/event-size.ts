const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const openBracket = 0x5b
const closeBrace = 0x7d
const closeBracket = 0x5d

/**
 * The largest number of bytes any object takes that is an element of an array directly inside the top object (the
 * events of a `batch`), or 0. The text must be valid JSON; one pass, no parsing.
 */
export const largestElementBytes = (json: Buffer): number => {
  let depth = 0
  let start = 0
  let largest = 0
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]
    if (byte === quote) {
      at = endOfString(json, at)
    } else if (byte === openBrace || byte === openBracket) {
      depth += 1
      if (depth === 3 && byte === openBrace) start = at
    } else if (byte === closeBrace || byte === closeBracket) {
      if (depth === 3 && byte === closeBrace) largest = Math.max(largest, at - start + 1)
      depth -= 1
    }
  }
  return largest
}

const endOfString = (json: Buffer, open: number): number => {
  let at = json.indexOf(quote, open + 1)
  while (at > 0) {
    let slashes = 0
    while (json[at - 1 - slashes] === backslash) slashes += 1
    if (slashes % 2 === 0) return at
    at = json.indexOf(quote, at + 1)
  }
  return json.length
}
