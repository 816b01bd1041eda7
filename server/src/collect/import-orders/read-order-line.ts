import type { OrderImportMapping } from '@baton/contract'
import { dayMs, type Instant, idOf, isCurrency, readAmount } from '../../kernel/index.ts'
import { createInstantReader } from './read-instant.ts'
import type { RejectionReason } from './rejection-reasons.ts'
import type { FileRecord } from './split-records.ts'
import type { ColumnRole, Understood } from './understand-file.ts'

/** One row of the file that could be read. */
export interface OrderLine {
  readonly line: number
  /** The order number with the file's prefix; without such a column, a hash of what the row says. */
  readonly orderKey: string
  readonly customer: string | null
  readonly email: string | null
  readonly at: Instant
  /** Decimal texts whose product is the row's amount in major units. */
  readonly quantity: string
  readonly price: string
  readonly currency: string
}

export interface RejectedLine {
  readonly line: number
  readonly reason: RejectionReason
  readonly text: string
}

export interface LineReading {
  readonly mapping: OrderImportMapping
  readonly understood: Understood
  readonly currency: string
  readonly timeZone: string
  /** Domain time: what lies more than a day after it is a mistake. */
  readonly now: Instant
}

/** What programs write into a customer column when there is nobody. */
const nobody = new Set(['', 'null', 'nan', 'none', 'nil', 'n/a', 'na', 'undefined', 'unknown', 'guest', '0', '-1'])
const mostIdLength = 200

/** Makes rows into order lines; each becomes one, or is rejected with a reason. */
export const createLineReader = (how: LineReading): ((record: FileRecord) => OrderLine | RejectedLine) => {
  const { mapping, understood } = how
  const { columns, decimalMark } = understood
  const readInstant = createInstantReader(understood.dateFormat, how.timeZone)
  const prefix = mapping.orderPrefix ?? ''
  const widest = Math.max(...Object.values(columns)) + 1
  const numberText = (text: string): string | null => {
    const value = readAmount(text, decimalMark)
    return value === null || !Number.isFinite(value) ? null : String(value)
  }

  return ({ line, cells, text }) => {
    const reject = (reason: RejectionReason): RejectedLine => ({ line, reason, text })
    const cell = (role: ColumnRole): string => {
      const column = columns[role]
      return column === undefined ? '' : (cells[column] ?? '').trim()
    }
    // No column of ours takes a NUL.
    if (cells.some((each) => each.includes('\0'))) return reject('not-text')
    if (cells.length < widest) return reject('too-few-columns')
    const order = cell('order')
    if (columns.order !== undefined && order === '') return reject('no-order')

    const customer = nobody.has(cell('customer').toLowerCase()) ? null : cell('customer')
    const email = readEmail(cell('email'))
    if (prefix.length + order.length > mostIdLength || (customer?.length ?? 0) > mostIdLength) return reject('long-id')
    if (customer === null && email === 'bad') return reject('bad-email')
    const address = email === 'bad' ? null : email
    if (customer === null && address === null && mapping.guests === 'reject') return reject('no-customer')

    const date = cell('date')
    if (date === '') return reject('no-date')
    const at = readInstant(date)
    if (at === null || at < 0) return reject('bad-date')
    if (at > how.now + dayMs) return reject('future-date')

    const written = columns.amount === undefined ? [cell('quantity'), cell('price')] : ['1', cell('amount')]
    if (written.some((part) => part === '')) return reject('no-amount')
    const [quantity, price] = written.map(numberText)
    if (!quantity || !price) return reject('bad-amount')

    const currency = (cell('currency') || mapping.defaultCurrency || how.currency).toUpperCase()
    if (!isCurrency(currency)) return reject('bad-currency')
    const orderKey =
      columns.order === undefined
        ? `row-${idOf<string>(customer ?? '', address ?? '', String(at), quantity, price, currency).slice(0, 23)}`
        : `${prefix}${order}`
    return { line, orderKey, customer, email: address, at, quantity, price, currency }
  }
}

const readEmail = (written: string): string | null | 'bad' => {
  const email = written.toLowerCase()
  if (nobody.has(email)) return null
  return email.length <= 254 && /^[^\s@<>(),;:"\\[\]]+@[^\s@<>(),;:"\\[\]]+\.[^\s@<>(),;:"\\[\]]+$/.test(email)
    ? email
    : 'bad'
}
