export type DecimalMark = '.' | ','

/** Which mark a column writes before the cents; a column without any is taken to have none and reads the same. */
export const findDecimalMark = (texts: readonly string[]): DecimalMark => {
  const count = (mark: DecimalMark) => texts.filter((t) => readAmount(t, mark) !== null).length
  return count(',') > count('.') ? ',' : '.'
}

/** An amount of a column that means another number under the other mark, where nothing in the column tells which is meant. */
export const findAmbiguousAmount = (texts: readonly string[]): string | null => {
  const read = texts.map((text) => ({ text, dot: readAmount(text, '.'), comma: readAmount(text, ',') }))
  const isTold = read.filter(({ dot }) => dot !== null).length !== read.filter(({ comma }) => comma !== null).length
  if (isTold) return null
  return read.find(({ dot, comma }) => dot !== null && comma !== null && dot !== comma)?.text ?? null
}

const patterns: Record<DecimalMark, RegExp> = {
  '.': /^[-+]?(?:\d+|\d{1,3}(?:[, '\u00a0]\d{3})+)?(?:\.\d*)?$/,
  ',': /^[-+]?(?:\d+|\d{1,3}(?:[. '\u00a0]\d{3})+)?(?:,\d*)?$/,
}

/** The number a text means, with thousands marks and a currency sign allowed; null when it means none. */
export const readAmount = (text: string, mark: DecimalMark): number | null => {
  const inBrackets = /^\((.*)\)$/.exec(text.trim())
  const bare = (inBrackets?.[1] ?? text.trim()).replace(/^([-+]?)\s*[\p{Sc}]\s*|\s*[\p{Sc}]$/gu, '$1')
  if (!/\d/.test(bare) || !patterns[mark].test(bare)) return null
  const value = Number(bare.replaceAll(mark === '.' ? /[, '\u00a0]/g : /[. '\u00a0]/g, '').replace(',', '.'))
  return inBrackets ? -value : value
}
