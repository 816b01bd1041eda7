import { z } from 'zod'

/** What may stand between the columns of a file of rows; whitespace is any run of blanks. */
export const separatorName = z.enum(['comma', 'semicolon', 'tab', 'pipe', 'whitespace'])
export type SeparatorName = z.infer<typeof separatorName>

export const separatorMarks = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const

/** In the order in which they win where two split into as many columns. */
const tried = ['tab', 'semicolon', 'pipe', 'comma'] as const satisfies readonly SeparatorName[]

/**
 * The mark that splits the first lines of a file into the most columns, in every one of them; blanks only where no mark
 * does. What stands in quotes is not looked at. The console proposes by it, and the server understands by it.
 */
export const findSeparator = (text: string): SeparatorName => {
  const lines = text
    .slice(0, 20_000)
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, 20)
    .map((line) => line.replaceAll(/"[^"]*"/g, ''))
  const scored = tried.map((name) => ({
    name,
    columns: Math.min(...lines.map((line) => line.split(separatorMarks[name]).length)),
  }))
  const best = scored.reduce((a, b) => (b.columns > a.columns ? b : a))
  return best.columns > 1 ? best.name : 'whitespace'
}
