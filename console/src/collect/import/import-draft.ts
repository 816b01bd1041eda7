import { currency as currencySchema, type OrderImportMapping, orderImportMapping } from '@baton/contract'
import { cellsOf, type FileSample, looksLikeAmount } from './file-sample.ts'
import { type ChosenColumns, type ColumnRole, guessColumns } from './guess-columns.ts'
import { type DatesFinding, findDateFormat, type ImportDateFormat, readsAs } from './written-dates.ts'

/** What the form holds before the file is sent. */
export interface ImportDraft {
  readonly columns: ChosenColumns
  /** What a row is worth: a column says it, or it is quantity × price. */
  readonly worth: 'amount' | 'product'
  readonly dateFormat: ImportDateFormat | 'found'
  readonly decimalMark: '.' | ',' | 'found'
  readonly defaultCurrency: string
  readonly guests: OrderImportMapping['guests']
  readonly source: string
  /** Before every order number; empty for none. */
  readonly orderPrefix: string
}

export const draftOf = (
  sample: FileSample,
  chosen: Pick<ImportDraft, 'defaultCurrency' | 'source' | 'guests'>,
): ImportDraft => {
  const columns = guessColumns(sample)
  const worth = worthOf(sample, columns)
  return { ...chosen, columns, worth, dateFormat: 'found', decimalMark: 'found', orderPrefix: '' }
}

/** Quantity × price where there is no amount, or where the amount is not the row's own: the whole order's on its lines. */
const worthOf = (sample: FileSample, { order, amount, quantity, price }: ChosenColumns): ImportDraft['worth'] => {
  if (quantity === undefined || price === undefined) return 'amount'
  if (amount === undefined) return 'product'
  const hasBlanks = cellsOf(sample, amount).length < sample.rows.length
  return hasBlanks || repeatsTotals(sample, order, amount) ? 'product' : 'amount'
}

const repeatsTotals = (sample: FileSample, order: number | undefined, amount: number): boolean => {
  if (order === undefined) return false
  const byOrder = new Map<string, string[]>()
  for (const row of sample.rows) {
    const key = row[order] ?? ''
    byOrder.set(key, [...(byOrder.get(key) ?? []), row[amount] ?? ''])
  }
  const several = [...byOrder.values()].filter((amounts) => amounts.length > 1)
  return several.length > 0 && several.every((amounts) => new Set(amounts).size === 1)
}

/** The columns that this draft sends: of amount and quantity × price only one. */
export const usedColumns = ({ columns, worth }: ImportDraft): ChosenColumns => {
  const { amount, quantity, price, ...rest } = columns
  return worth === 'amount' ? { ...rest, amount } : { ...rest, quantity, price }
}

/** A prefix needs order numbers to stand before. */
const hasPrefix = ({ columns, orderPrefix }: ImportDraft): boolean =>
  columns.order !== undefined && orderPrefix.trim() !== ''

/** How the dates of the chosen column are written. */
export const datesOf = (draft: ImportDraft, sample: FileSample): DatesFinding | null =>
  draft.columns.date === undefined ? null : findDateFormat(cellsOf(sample, draft.columns.date))

/** The draft as the API wants it. Every finding is sent along, so that what was shown is what is read. */
export const mappingOf = (draft: ImportDraft, sample: FileSample): Partial<OrderImportMapping> => {
  const dates = datesOf(draft, sample)
  const dateFormat = draft.dateFormat !== 'found' ? draft.dateFormat : dates?.kind === 'found' ? dates.format : null
  return {
    ...Object.fromEntries(
      Object.entries(usedColumns(draft)).flatMap(([role, column]) =>
        column === undefined ? [] : [[role, columnReference(column, sample)]],
      ),
    ),
    header: sample.header,
    separator: sample.separator,
    ...(dateFormat === null ? {} : { dateFormat }),
    ...(draft.decimalMark === 'found' ? {} : { decimalMark: draft.decimalMark }),
    defaultCurrency: draft.defaultCurrency,
    guests: draft.guests,
    ...(hasPrefix(draft) ? { orderPrefix: draft.orderPrefix.trim() } : {}),
    source: draft.source.trim(),
  }
}

/** A column's number, beginning with 1: names may be missing or doubled. Only where another column is called so, its name. */
const columnReference = (column: number, { names }: FileSample): string => {
  const number = String(column + 1)
  const called = names.indexOf(number)
  return called === -1 || called === column ? number : (names[column] ?? number)
}

export type DraftField = ColumnRole | 'dateFormat' | 'defaultCurrency' | 'source' | 'orderPrefix'

/** Why a field keeps the file from being read; the words are `imports.problems.<code>`. */
export interface DraftProblem {
  readonly code:
    | 'who-missing'
    | 'date-missing'
    | 'amount-missing'
    | 'quantity-missing'
    | 'price-missing'
    | 'column-empty'
    | 'no-number'
    | 'no-date'
    | 'not-in-format'
    | 'both-ways'
    | 'currency'
    | 'source'
    | 'order-prefix'
  /** A cell that shows it. */
  readonly example: string
}

export type DraftProblems = Readonly<Partial<Record<DraftField, DraftProblem>>>

const problem = (code: DraftProblem['code'], example = ''): DraftProblem => ({ code, example })

export const problemsOf = (draft: ImportDraft, sample: FileSample): DraftProblems => {
  const used = usedColumns(draft)
  const worth: readonly ColumnRole[] = draft.worth === 'amount' ? ['amount'] : ['quantity', 'price']
  const found: Partial<Record<DraftField, DraftProblem | null>> = {
    ...Object.fromEntries(worth.map((role) => [role, amountProblem(role, used[role], sample)])),
    ...dateProblems(draft, sample),
    customer: used.customer === undefined && used.email === undefined ? problem('who-missing') : null,
    defaultCurrency: currencySchema.safeParse(draft.defaultCurrency).success ? null : problem('currency'),
    source: orderImportMapping.shape.source.safeParse(draft.source).success ? null : problem('source'),
    orderPrefix:
      hasPrefix(draft) && !orderImportMapping.shape.orderPrefix.safeParse(draft.orderPrefix).success
        ? problem('order-prefix')
        : null,
  }
  return Object.fromEntries(Object.entries(found).filter(([, each]) => each !== null && each !== undefined))
}

const amountProblem = (role: ColumnRole, column: number | undefined, sample: FileSample): DraftProblem | null => {
  if (column === undefined) {
    if (role === 'amount') return problem('amount-missing')
    return problem(role === 'quantity' ? 'quantity-missing' : 'price-missing')
  }
  const cells = cellsOf(sample, column)
  const [first] = cells
  if (first === undefined) return problem('column-empty')
  return cells.some(looksLikeAmount) ? null : problem('no-number', first)
}

const dateProblems = (
  { columns, dateFormat }: ImportDraft,
  sample: FileSample,
): Partial<Record<'date' | 'dateFormat', DraftProblem>> => {
  if (columns.date === undefined) return { date: problem('date-missing') }
  const cells = cellsOf(sample, columns.date)
  const [first] = cells
  if (first === undefined) return { date: problem('column-empty') }
  if (dateFormat !== 'found') {
    return cells.some((cell) => readsAs(cell, dateFormat)) ? {} : { dateFormat: problem('not-in-format', first) }
  }
  const finding = findDateFormat(cells)
  if (finding.kind === 'unknown') return { date: problem('no-date', finding.example) }
  return finding.kind === 'ambiguous' ? { dateFormat: problem('both-ways', finding.example) } : {}
}
