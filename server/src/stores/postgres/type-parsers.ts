import pg from 'pg'

const int8Array = 1016
const textArray = 1009

/** A number where it is exact, else a BigInt. We store times as epoch milliseconds and amounts as minor units in bigint. */
const parseInt8 = (text: string): number | bigint => {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}

// The driver's own table of types knows arrays that its typings leave out.
const parserOf: (oid: number, format?: 'text' | 'binary') => (text: string) => unknown = pg.types.getTypeParser
const parseTextArray = parserOf(textArray, 'text')

const parseInt8Array = (text: string): readonly (number | bigint | null)[] => {
  const items = parseTextArray(text)
  if (!Array.isArray(items)) throw new TypeError('The driver did not parse an array as an array')
  return items.map((item: string | null) => (item === null ? null : parseInt8(item)))
}

export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary' && oid === pg.types.builtins.INT8) return parseInt8
    if (format !== 'binary' && oid === int8Array) return parseInt8Array
    return parserOf(oid, format)
  },
}
