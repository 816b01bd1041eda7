import { findSeparator, type SeparatorName, separatorMarks } from '@baton/contract'
import { parse } from 'csv-parse/sync'
import {
  type DateFormat,
  type Day,
  type DecimalMark,
  dateFormats,
  findDateFormat,
  findDecimalMark,
  OperatorError,
  readAmount,
  readDay,
} from '../kernel/index.ts'

/** One row of a file of purchases. */
export interface Purchase {
  readonly customer: string
  readonly day: Day
  readonly value: number
}

export interface PurchasesFileOptions {
  /** Columns by header name, or by number beginning with 1. */
  readonly customer: string
  readonly date: string
  readonly value: string
  readonly separator?: SeparatorName
  /** Whether the first line names the columns; found out when not given. */
  readonly header?: boolean
  readonly dateFormat?: DateFormat
  readonly decimalMark?: DecimalMark
}

export type UnreadReason =
  | 'too-few-columns'
  | 'no-customer'
  | 'no-date'
  | 'bad-date'
  | 'no-value'
  | 'bad-value'
  | 'broken-quotes'

/** A row that could not be read: it takes no part, and is listed. */
export interface UnreadRow {
  readonly line: number
  readonly reason: UnreadReason
  readonly text: string
}

export interface PurchasesFile {
  readonly purchases: readonly Purchase[]
  readonly unread: readonly UnreadRow[]
  readonly separator: SeparatorName
  readonly header: boolean
  readonly dateFormat: DateFormat
  readonly decimalMark: DecimalMark
}

/** Reads a whole file of purchases. Throws an OperatorError, with what to do, where the file as a whole can't be read. */
export const readPurchasesFile = (text: string, options: PurchasesFileOptions): PurchasesFile => {
  const { rows, unread, separator } = readRows(text, options.separator)
  const [first] = rows
  if (!first) throw new OperatorError('The file has no rows. Give a file with one purchase a line.')

  const header = options.header ?? hasHeader(first.cells, options)
  const columns = findColumns(first.cells, options, header)
  const body = header ? rows.slice(1) : rows
  const cellOf = (row: Row, column: number): string => (row.cells[column] ?? '').trim()

  const dates = body.map((row) => cellOf(row, columns.date)).filter((cell) => cell !== '')
  if (dates.length === 0 && unread.length > 0) throw new OperatorError(nothingReadable(unread))
  const dateFormat = options.dateFormat ?? mustFindDateFormat(dates, columns.date)
  const decimalMark = options.decimalMark ?? findDecimalMark(body.map((row) => cellOf(row, columns.value)))
  const width = Math.max(columns.customer, columns.date, columns.value) + 1

  const purchases: Purchase[] = []
  for (const row of body) {
    const customer = cellOf(row, columns.customer)
    const date = cellOf(row, columns.date)
    const amount = cellOf(row, columns.value)
    const day = readDay(date, dateFormat)
    const value = readAmount(amount, decimalMark)
    const refuse = (reason: UnreadReason) =>
      unread.push({ line: row.line, reason, text: row.cells.join(' ').slice(0, 200) })
    if (row.cells.length < width) refuse('too-few-columns')
    else if (customer === '') refuse('no-customer')
    else if (day === null) refuse(date === '' ? 'no-date' : 'bad-date')
    else if (value === null) refuse(amount === '' ? 'no-value' : 'bad-value')
    else purchases.push({ customer, day, value })
  }
  unread.sort((a, b) => a.line - b.line)
  if (purchases.length === 0) throw new OperatorError(nothingReadable(unread))
  return { purchases, unread, separator, header, dateFormat, decimalMark }
}

interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

interface Rows {
  readonly rows: readonly Row[]
  readonly unread: UnreadRow[]
  readonly separator: SeparatorName
}

const readRows = (raw: string, given: SeparatorName | undefined): Rows => {
  const text = raw.replace(/^\uFEFF/, '')
  const separator = given ?? findSeparator(text)
  return separator === 'whitespace'
    ? { rows: splitByWhitespace(text), unread: [], separator }
    : { ...parseSeparated(text, separator), separator }
}

const splitByWhitespace = (text: string): Row[] =>
  text.split(/\r\n|\n|\r/).flatMap((line, i) => {
    const trimmed = line.trim()
    return trimmed === '' ? [] : [{ line: i + 1, cells: trimmed.split(/\s+/) }]
  })

const parseSeparated = (
  text: string,
  separator: Exclude<SeparatorName, 'whitespace'>,
): { rows: Row[]; unread: UnreadRow[] } => {
  const unread: UnreadRow[] = []
  const rows: Row[] = []
  parse(text, {
    delimiter: separatorMarks[separator],
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    trim: true,
    on_record: (cells: string[], { lines }) => {
      rows.push({ line: lines, cells })
      return undefined
    },
    on_skip: (error) => {
      unread.push({
        line: Number(error?.lines ?? 0),
        reason: 'broken-quotes',
        text: error?.message.slice(0, 200) ?? '',
      })
      return undefined
    },
  })
  return { rows, unread }
}

const columnNumber = (name: string): number | null => (/^[1-9]\d*$/.test(name) ? Number(name) : null)

/** A header names the columns asked for, or has no digit where the value stands. */
const hasHeader = (first: readonly string[], options: PurchasesFileOptions): boolean => {
  const asked = [options.customer, options.date, options.value]
  if (asked.some((name) => columnNumber(name) === null)) return true
  const isDate = (cell: string) => dateFormats.some((format) => readDay(cell, format) !== null)
  const dateCell = first[(columnNumber(options.date) ?? 1) - 1] ?? ''
  const valueCell = first[(columnNumber(options.value) ?? 1) - 1] ?? ''
  return !isDate(dateCell) && readAmount(valueCell, '.') === null && readAmount(valueCell, ',') === null
}

interface Columns {
  readonly customer: number
  readonly date: number
  readonly value: number
}

const findColumns = (first: readonly string[], options: PurchasesFileOptions, header: boolean): Columns => {
  const find = (role: 'customer' | 'date' | 'value'): number => {
    const name = options[role]
    const byName = header ? first.findIndex((cell) => cell.trim().toLowerCase() === name.trim().toLowerCase()) : -1
    if (byName >= 0) return byName
    const number = columnNumber(name)
    if (number !== null && number <= first.length) return number - 1
    const there = header
      ? `Columns of the file: ${first.join(', ')}.`
      : `Line 1 has ${first.length} columns and the file no header.`
    throw new OperatorError(
      `There is no ${role} column "${name}". ${there} Give --${role} one of their names, or a number from 1 to ${first.length}.`,
    )
  }
  return { customer: find('customer'), date: find('date'), value: find('value') }
}

const mustFindDateFormat = (dates: readonly string[], column: number): DateFormat => {
  const finding = findDateFormat(dates)
  if (finding.kind === 'found') return finding.format
  const known = `--date-format ${dateFormats.join(' | ')}`
  throw new OperatorError(
    finding.kind === 'ambiguous'
      ? `Column ${column + 1} can be read as day-month or month-day throughout, e.g. "${finding.example}". Say which with ${known}.`
      : `Column ${column + 1} holds no dates that can be read, e.g. "${finding.example}". Known forms: 19970101, 1997-01-01, 31.12.1997, 12/31/1997. Check --date, or give ${known}.`,
  )
}

const nothingReadable = (unread: readonly UnreadRow[]): string => {
  const [first] = unread
  return first
    ? `None of the file's ${unread.length} rows can be read: line ${first.line}, ${first.reason}: "${first.text}". Check the column options.`
    : 'The file has a header and no rows. Give a file with one purchase a line.'
}
