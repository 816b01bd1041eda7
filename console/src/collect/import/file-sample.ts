import { findSeparator, type SeparatorName } from '@baton/contract'
import { splitRows } from './split-rows.ts'
import { dateFormats, readsAs } from './written-dates.ts'

/** The beginning of a file as a table. */
export interface FileSample {
  readonly separator: SeparatorName
  /** Whether the first line names the columns. */
  readonly header: boolean
  /** A name for each column; all '' without a header. */
  readonly names: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What the user says against what was found. */
export interface SampleChoices {
  readonly separator?: SeparatorName
  readonly header?: boolean
}

const mostRows = 300

export const sampleOf = (text: string, isWhole: boolean, choices: SampleChoices = {}): FileSample => {
  const separator = choices.separator ?? findSeparator(text)
  const all = splitRows(text, separator, isWhole).slice(0, mostRows)
  const [first = []] = all
  const header = choices.header ?? namesColumns(first)
  const rows = header ? all.slice(1) : all
  const width = Math.max(0, ...all.slice(0, 50).map((row) => row.length))
  const names = Array.from({ length: width }, (_, column) => (header ? (first[column] ?? '') : ''))
  return { separator, header, names, rows }
}

/** Names are neither numbers nor dates nor addresses. */
const namesColumns = (first: readonly string[]): boolean =>
  !first.some((cell) => looksLikeAmount(cell) || looksLikeDate(cell) || looksLikeEmail(cell))

/** The cells of a column that are filled in. */
export const cellsOf = (sample: FileSample, column: number): readonly string[] =>
  sample.rows.flatMap((row) => {
    const cell = row[column] ?? ''
    return cell === '' ? [] : [cell]
  })

export const looksLikeDate = (cell: string): boolean =>
  dateFormats.some((format) => format !== 'unix' && readsAs(cell, format))

/** Digits with marks for thousands and cents, a sign, a currency sign, or brackets for less than nothing. */
export const looksLikeAmount = (cell: string): boolean =>
  /^\(?[-+]?\s*\p{Sc}?\s*[\d.,' \u00a0]*\d[\d.,' \u00a0]*\s*\p{Sc}?\)?$/u.test(cell)

export const looksLikeEmail = (cell: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(cell)
