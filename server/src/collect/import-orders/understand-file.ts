import { isUtf8 } from 'node:buffer'
import { findSeparator, type OrderImportMapping, type SeparatorName } from '@baton/contract'
import {
  type DateFormat,
  type DecimalMark,
  dateFormats,
  findDateFormat,
  findDecimalMark,
  readAmount,
  readDay,
} from '../../kernel/index.ts'
import type { TimeFormat } from './read-instant.ts'
import { type Encoding, type FileRecord, splitRecords } from './split-records.ts'

export const columnRoles = ['order', 'customer', 'email', 'date', 'amount', 'quantity', 'price', 'currency'] as const
export type ColumnRole = (typeof columnRoles)[number]

/** How a file is to be read, found in its beginning and kept with the import. Columns count from 0. */
export interface Understood {
  readonly separator: SeparatorName
  readonly encoding: Encoding
  readonly header: boolean
  readonly columns: Readonly<Partial<Record<ColumnRole, number>>>
  readonly width: number
  readonly dateFormat: TimeFormat
  readonly decimalMark: DecimalMark
}

export type Understanding =
  | { readonly kind: 'understood'; readonly understood: Understood }
  /** Said to the one who imports; the file as a whole can't be read. */
  | { readonly kind: 'not-understood'; readonly message: string; readonly remedy: string }

/** Finds separator, header, columns, date format and decimal mark in the first bytes of a file (without byte-order mark). */
export const understandFile = (start: Buffer, isWhole: boolean, mapping: OrderImportMapping): Understanding => {
  const encoding = findEncoding(start)
  if (start.includes(0))
    return no('This is not a text file.', 'Export it as CSV in UTF-8; a spreadsheet file has to be saved as CSV.')
  const separator = mapping.separator ?? findSeparator(start.toString(encoding))
  const { records } = splitRecords(start, { separator, encoding, isLast: isWhole })
  const [first] = records
  if (!first) return no('The file has no rows.', 'Give a file with one order or order line a row.')
  const header = mapping.header ?? hasHeader(first, mapping)
  const columns = findColumns(first, mapping, header)
  if (columns.kind === 'missing') return no(columns.message, columns.remedy)
  const body = header ? records.slice(1) : records
  const cells = (role: ColumnRole): string[] => {
    const column = columns.found[role]
    return column === undefined ? [] : body.map((row) => row.cells[column] ?? '').filter((cell) => cell !== '')
  }
  const date = mapping.dateFormat ?? findFormat(cells('date'))
  if (typeof date === 'object') return no(date.message, date.remedy)
  return {
    kind: 'understood',
    understood: {
      separator,
      encoding,
      header,
      columns: columns.found,
      width: first.cells.length,
      dateFormat: date,
      decimalMark: mapping.decimalMark ?? findDecimalMark([...cells('amount'), ...cells('price')]),
    },
  }
}

const no = (message: string, remedy: string): Understanding => ({ kind: 'not-understood', message, remedy })

/** UTF-8 unless some byte can't be; the last three may belong to a character that goes on after the piece. */
const findEncoding = (start: Buffer): Encoding =>
  [0, 1, 2, 3].some((cut) => isUtf8(start.subarray(0, Math.max(0, start.length - cut)))) ? 'utf8' : 'latin1'

const numberOf = (name: string): number | null => (/^[1-9]\d{0,3}$/.test(name) ? Number(name) : null)

/** The first line names the columns if the mapping does, or if it has neither date nor number where they should stand. */
const hasHeader = (first: FileRecord, mapping: OrderImportMapping): boolean => {
  const names = columnRoles.flatMap((role) => mapping[role] ?? [])
  if (names.some((name) => numberOf(name) === null)) return true
  const cell = (name: string | undefined) => (name === undefined ? '' : (first.cells[(numberOf(name) ?? 1) - 1] ?? ''))
  const isDate = dateFormats.some((format) => readDay(cell(mapping.date), format) !== null)
  const isNumber = [mapping.amount, mapping.price].some(
    (name) => readAmount(cell(name), '.') !== null || readAmount(cell(name), ',') !== null,
  )
  return !isDate && !isNumber
}

type Columns =
  | { readonly kind: 'found'; readonly found: Understood['columns'] }
  | { readonly kind: 'missing'; readonly message: string; readonly remedy: string }

const findColumns = (first: FileRecord, mapping: OrderImportMapping, header: boolean): Columns => {
  const found: Partial<Record<ColumnRole, number>> = {}
  for (const role of columnRoles) {
    const name = mapping[role]
    if (name === undefined) continue
    const byName = header ? first.cells.findIndex((cell) => cell.toLowerCase() === name.trim().toLowerCase()) : -1
    const number = numberOf(name)
    const column = byName >= 0 ? byName : number !== null && number <= first.cells.length ? number - 1 : -1
    if (column < 0) {
      const there = header ? first.cells.join(', ').slice(0, 300) : `${first.cells.length} without names`
      return {
        kind: 'missing',
        message: `The file has no column "${name}" for ${role}. Its columns: ${there}.`,
        remedy: `Map ${role} to one of their names, or to a number from 1 to ${first.cells.length}.`,
      }
    }
    found[role] = column
  }
  return { kind: 'found', found }
}

const findFormat = (dates: readonly string[]): TimeFormat | { readonly message: string; readonly remedy: string } => {
  const finding = findDateFormat(dates)
  if (finding.kind === 'found') return finding.format satisfies DateFormat
  const remedy = `Name dateFormat in the mapping: ${dateFormats.join(', ')} or unix.`
  return finding.kind === 'ambiguous'
    ? { message: `The dates can be read as day-month or month-day, e.g. "${finding.example}".`, remedy }
    : { message: `The date column holds no dates that can be read, e.g. "${finding.example.slice(0, 100)}".`, remedy }
}
