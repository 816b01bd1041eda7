import { type CostDraft, costDraft, phaseKey } from '@baton/contract'
import { parse } from 'csv-parse/sync'
import {
  type DateFormat,
  type DecimalMark,
  findAmbiguousAmount,
  findDateFormat,
  findDecimalMark,
  isCurrency,
  readAmount,
  readDay,
  toMinor,
  writeDay,
} from '../kernel/index.ts'

export interface CostRow {
  readonly line: number
  readonly cost: CostDraft
}

export interface RefusedCostRow {
  readonly line: number
  readonly reason: string
  readonly remedy: string
  readonly text: string
}

export type CostFile =
  | { readonly kind: 'read'; readonly rows: readonly CostRow[]; readonly refused: readonly RefusedCostRow[] }
  /** The file as a whole can't be read. */
  | { readonly kind: 'unreadable'; readonly message: string; readonly remedy: string }

const columnNames = {
  on: ['date', 'day', 'on'],
  amount: ['amount', 'cost', 'value'],
  kind: ['kind', 'type'],
  currency: ['currency'],
  phase: ['phase'],
  channel: ['channel', 'medium'],
  partner: ['partner', 'agency', 'vendor', 'supplier'],
  note: ['note', 'comment', 'description'],
} as const
type ColumnName = keyof typeof columnNames
type Columns = Readonly<Record<ColumnName, number>>

const needed = ['on', 'amount', 'kind'] as const

/** Costs from the text of a CSV file. A row that can't be read is listed with its line; none is lost, none is guessed. */
export const readCostRows = (
  csv: string,
  options: {
    readonly currency: string
    readonly dateFormat?: DateFormat | undefined
    readonly decimalMark?: DecimalMark | undefined
  },
): CostFile => {
  const { lines, broken } = splitRows(csv)
  const [head, ...body] = lines
  if (!head) return unreadable('The file is empty.', 'Begin it with a line that names its columns.')
  const columns = findColumns(head.cells)
  const missing = needed.filter((name) => columns[name] < 0)
  if (missing.length > 0) {
    const names = missing.map((name) => `"${columnNames[name][0]}"`).join(' and ')
    return unreadable(
      `The first line names no column ${names}. It names: ${head.cells.join(', ').slice(0, 300)}.`,
      'Name the columns date, amount, kind, and if you like currency, phase, channel, partner, note.',
    )
  }
  const dates = body.map((row) => row.cells[columns.on] ?? '').filter((cell) => cell !== '')
  const finding = findDateFormat(dates)
  if (!options.dateFormat && finding.kind === 'ambiguous')
    return unreadable(
      `The dates can be read as day-month or month-day throughout, e.g. "${finding.example}".`,
      'Say which with dateFormat, or write them as 2026-11-21.',
    )
  const dateFormat = options.dateFormat ?? (finding.kind === 'found' ? finding.format : 'iso')
  const amounts = body.map((row) => row.cells[columns.amount] ?? '')
  const ambiguous = options.decimalMark === undefined ? findAmbiguousAmount(amounts) : null
  if (ambiguous !== null)
    return unreadable(
      `The amounts can be read with a decimal point or a decimal comma, e.g. "${ambiguous}".`,
      'Say which with decimalMark, or write them as 1250.00.',
    )
  const mark = options.decimalMark ?? findDecimalMark(amounts)
  const rows: CostRow[] = []
  const refused: RefusedCostRow[] = [...broken]
  for (const { line, cells } of body) {
    const cell = (name: ColumnName): string => (columns[name] < 0 ? '' : (cells[columns[name]] ?? ''))
    const read = readRow(cell, { dateFormat, mark, currency: options.currency })
    if (read.kind === 'cost') rows.push({ line, cost: read.cost })
    else refused.push({ line, reason: read.reason, remedy: read.remedy, text: cells.join(', ').slice(0, 300) })
  }
  return { kind: 'read', rows, refused: refused.sort((a, b) => a.line - b.line) }
}

const unreadable = (message: string, remedy: string): CostFile => ({ kind: 'unreadable', message, remedy })

type ReadRow =
  | { readonly kind: 'cost'; readonly cost: CostDraft }
  | { readonly kind: 'refused'; readonly reason: string; readonly remedy: string }

const refuse = (reason: string, remedy: string): ReadRow => ({ kind: 'refused', reason, remedy })

const readRow = (
  cell: (name: ColumnName) => string,
  how: { readonly dateFormat: DateFormat; readonly mark: DecimalMark; readonly currency: string },
): ReadRow => {
  const day = readDay(cell('on'), how.dateFormat)
  if (day === null) return refuse(`"${cell('on')}" is not a date.`, 'Write it as 2026-11-21.')
  const currency = (cell('currency') || how.currency).toUpperCase()
  if (!isCurrency(currency))
    return refuse(`"${cell('currency')}" is not a currency.`, 'Write an ISO 4217 code, like EUR.')
  const major = readAmount(cell('amount'), how.mark)
  if (major === null) return refuse(`"${cell('amount')}" is not an amount.`, 'Write a number, like 1250.00.')
  const minor = toMinor(major, currency)
  if (minor === null)
    return refuse(
      `"${cell('amount')}" is more than a cost can be.`,
      'Check whether another number stands in the column of amounts.',
    )
  const kind = cell('kind').toLowerCase()
  if (kind !== 'acquisition' && kind !== 'servicing')
    return refuse(`"${cell('kind')}" is not a kind of cost.`, 'Write acquisition or servicing.')
  const phase = cell('phase').toLowerCase().replaceAll(/[ _]/g, '-')
  if (phase !== '' && !phaseKey.safeParse(phase).success)
    return refuse(`"${cell('phase')}" is not a phase.`, `Write one of ${phaseKey.options.join(', ')}, or nothing.`)
  const draft = costDraft.safeParse({
    on: writeDay(day),
    amount: { minor, currency },
    kind,
    phase: phase || null,
    channel: cell('channel') || null,
    partner: cell('partner') || null,
    note: cell('note') || null,
  })
  if (draft.success) return { kind: 'cost', cost: draft.data }
  const [issue] = draft.error.issues
  return refuse(`${issue?.path.join('.') ?? 'A cell'}: ${issue?.message ?? 'is not valid'}.`, 'Shorten or correct it.')
}

const findColumns = (head: readonly string[]): Columns => {
  const names = head.map((cell) => cell.toLowerCase())
  const find = (name: ColumnName): number =>
    names.findIndex((written) => (columnNames[name] as readonly string[]).includes(written))
  return {
    on: find('on'),
    amount: find('amount'),
    kind: find('kind'),
    currency: find('currency'),
    phase: find('phase'),
    channel: find('channel'),
    partner: find('partner'),
    note: find('note'),
  }
}

interface Line {
  readonly line: number
  readonly cells: readonly string[]
}

const splitRows = (csv: string): { lines: readonly Line[]; broken: readonly RefusedCostRow[] } => {
  const lines: Line[] = []
  const broken: RefusedCostRow[] = []
  const firstLine = csv.slice(0, 10_000).split(/\r\n|\n|\r/, 1)[0] ?? ''
  const delimiter = [';', '\t', ','].reduce((best, mark) =>
    firstLine.split(mark).length > firstLine.split(best).length ? mark : best,
  )
  parse(csv, {
    bom: true,
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    trim: true,
    on_record: (cells: string[], { lines: line }) => {
      lines.push({ line, cells })
      return undefined
    },
    on_skip: (error) => {
      broken.push({
        line: Number(error?.lines ?? 0),
        reason: 'A quotation mark is opened and never closed.',
        remedy: 'Close it, or write it twice where it is meant.',
        text: error?.message.slice(0, 200) ?? '',
      })
      return undefined
    },
  })
  return { lines, broken }
}
