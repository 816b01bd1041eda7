export type CsvCell = string | number | boolean | null | undefined

/** Cells that a spreadsheet would run as a formula begin with an apostrophe (OWASP CSV injection); numbers stay numbers. */
const cell = (value: CsvCell): string => {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** RFC 4180: CRLF, quotes doubled. */
export const toCsv = (header: readonly string[], rows: readonly (readonly CsvCell[])[]): string =>
  [header, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')

/** Hands a file to the browser, without any request. */
export const downloadFile = (name: string, content: BlobPart, type: string): void => {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** With a byte order mark, so that Excel reads UTF-8. */
export const downloadCsv = (name: string, header: readonly string[], rows: readonly (readonly CsvCell[])[]): void =>
  downloadFile(`${name}.csv`, `\uFEFF${toCsv(header, rows)}`, 'text/csv;charset=utf-8')
