import { z } from 'zod'
import { instant, page, pageQuery, uuid } from './common.ts'
import { separatorName } from './separator.ts'
import { currency } from './workspace.ts'

/** A column of the file: its header's name, or its number beginning with 1. */
export const columnName = z.string().trim().min(1).max(200)

export const importDateFormat = z.enum(['iso', 'yyyymmdd', 'day-month-year', 'month-day-year', 'unix'])

/**
 * How a file of orders or order lines is read. Rows with the same order number are one order; without an order column
 * each row is one. A negative total is a return or cancellation.
 */
export const orderImportMapping = z
  .object({
    order: columnName.optional(),
    /** The customer's id in the shop (userId). */
    customer: columnName.optional(),
    email: columnName.optional(),
    date: columnName,
    /** The row's amount in major units (12.34) … */
    amount: columnName.optional(),
    /** … or quantity × price. */
    quantity: columnName.optional(),
    price: columnName.optional(),
    /** A column with ISO codes; where absent or empty, `defaultCurrency`, else the workspace's. */
    currency: columnName.optional(),
    defaultCurrency: currency.optional(),
    header: z.boolean().optional(),
    separator: separatorName.optional(),
    dateFormat: importDateFormat.optional(),
    decimalMark: z.enum(['.', ',']).optional(),
    /** Rows that name no customer: kept as orders of guests (`keep`), or listed as rejected (`reject`). */
    guests: z.enum(['keep', 'reject']).default('keep'),
    /**
     * Put before every order number of the file, also before those that a return cancels: `till-` makes 1001 of the till
     * `till-1001`. The same number without it is the same order, whatever its source.
     */
    orderPrefix: z
      .string()
      .trim()
      .regex(/^[\w.:#/-]{1,30}$/, 'up to 30 letters, digits or any of . : # / - _')
      .optional(),
    /** Names where the orders come from: shown with them, and a part of the message ids. */
    source: z
      .string()
      .trim()
      .regex(/^[\w .-]{1,60}$/, 'up to 60 letters, digits, blanks, dots or hyphens')
      .default('orders'),
  })
  .refine((map) => map.customer !== undefined || map.email !== undefined, {
    path: ['customer'],
    message: 'Name the column of the customer id or of the e-mail address',
  })
  .refine((map) => map.orderPrefix === undefined || map.order !== undefined, {
    path: ['orderPrefix'],
    message: 'A prefix goes before order numbers: name their column',
  })
  .refine((map) => map.amount !== undefined || (map.quantity !== undefined && map.price !== undefined), {
    path: ['amount'],
    message: 'Name the column of the amount, or those of quantity and price',
  })
export type OrderImportMapping = z.infer<typeof orderImportMapping>

/**
 * `POST /v1/imports?mapping=…`, the file itself as the body (`text/csv`; streamed, any size). The mapping goes in the
 * query as the JSON of `orderImportMapping`.
 */
export const createImportQuery = z.object({
  kind: z.literal('orders').default('orders'),
  mapping: z.string().max(4000),
  fileName: z.string().max(200).optional(),
})

/** receiving → reading → writing → done; or stopped, or failed with `problem`. */
export const importState = z.enum(['receiving', 'reading', 'writing', 'done', 'stopped', 'failed'])
export type ImportState = z.infer<typeof importState>

export const importJob = z.object({
  importId: uuid,
  kind: z.literal('orders'),
  fileName: z.string().nullable(),
  source: z.string(),
  state: importState,
  bytes: z.int(),
  bytesRead: z.int(),
  /** Rows read so far: accepted + rejected. */
  rows: z.int(),
  accepted: z.int(),
  rejected: z.int(),
  /** Rows by why they were rejected. */
  rejectedByReason: z.record(z.string(), z.int()),
  /** Order numbers put into the log so far, those of returns among them. */
  orders: z.int(),
  returns: z.int(),
  /** Of the returns, those that cancel one earlier order of the file entirely. */
  cancellations: z.int(),
  /** Orders that name no customer. */
  guestOrders: z.int(),
  /** Different customers named in the file; null until it has been read. */
  customers: z.int().nullable(),
  /** Net amount of what was put into the log, by currency, minor units. */
  totals: z.array(z.object({ currency: z.string(), minor: z.int() })),
  /** How the file was understood: separator, header, date format and decimal mark found. */
  understood: z
    .object({
      separator: z.string(),
      header: z.boolean(),
      dateFormat: z.string(),
      decimalMark: z.string(),
      encoding: z.string(),
    })
    .nullable(),
  /** Why it failed, and what to do. */
  problem: z.object({ message: z.string(), remedy: z.string() }).nullable(),
  createdAt: instant,
  updatedAt: instant,
  finishedAt: instant.nullable(),
})
export type ImportJob = z.infer<typeof importJob>
export const importJobs = page(importJob)
export const importCreated = z.object({ importId: uuid })

export const importRejection = z.object({ line: z.int(), reason: z.string(), remedy: z.string(), text: z.string() })
export type ImportRejection = z.infer<typeof importRejection>
/** In order of the lines; every one of them, page by page. */
export const importRejections = page(importRejection)
export const importRejectionsQuery = pageQuery
