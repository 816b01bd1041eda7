import { byteOrderMark, type CsvCell, csvLine } from '@baton/contract'

export type { CsvCell } from '@baton/contract'

/** RFC 4180: CRLF, quotes doubled. */
export const toCsv = (header: readonly string[], rows: readonly (readonly CsvCell[])[]): string =>
  [header, ...rows].map(csvLine).join('\r\n')

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
  downloadFile(datedName(name, 'csv'), `${byteOrderMark}${toCsv(header, rows)}`, 'text/csv;charset=utf-8')

/** `People` to `people-2026-11-22.csv`, by the day it is here. */
export const datedName = (name: string, extension: string, at = new Date()): string => {
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
  const stem = name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
  return `${stem}-${day}.${extension}`
}
