export type CsvCell = string | number | boolean | null | undefined

/** Cells that a spreadsheet would run as a formula begin with an apostrophe (OWASP CSV injection); numbers stay numbers. */
const cell = (value: CsvCell): string => {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** RFC 4180, without the line break at its end: quotes doubled. */
export const csvLine = (cells: readonly CsvCell[]): string => cells.map(cell).join(',')

/** At the beginning of a file, so that Excel reads UTF-8. */
export const byteOrderMark = '\uFEFF'
