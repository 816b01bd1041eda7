import type { ImportState, OrderImportMapping } from '@baton/contract'
import { sql } from 'kysely'
import { readPosition } from '../../jobs/index.ts'
import type { Instant, WorkspaceId } from '../../kernel/index.ts'
import type { Tx } from '../../stores/index.ts'
import type { OrderLine, RejectedLine } from './read-order-line.ts'
import type { Understood } from './understand-file.ts'

export interface ImportRow {
  readonly importId: string
  readonly fileName: string | null
  readonly mapping: OrderImportMapping
  readonly understood: Understood | null
  readonly state: ImportState
  readonly bytes: number
  readonly bytesRead: number
  readonly linesRead: number
  readonly writtenTo: string
  /** How many of the equal rows of `writtenTo` are written where more are to come; 0: all are. */
  readonly writtenPart: number
  readonly accepted: number
  readonly rejected: number
  readonly orders: number
  readonly returns: number
  readonly cancellations: number
  readonly guestOrders: number
  readonly customers: number | null
  readonly totals: Readonly<Record<string, number>>
  readonly problem: { readonly message: string; readonly remedy: string } | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly finishedAt: Instant | null
}

const columns = sql`
  import_id as "importId", file_name as "fileName", mapping, understood, state, bytes, bytes_read as "bytesRead",
  lines_read as "linesRead", written_to as "writtenTo", written_part as "writtenPart", accepted, rejected, orders, returns,
  cancellations, guest_orders as "guestOrders", customers, totals, problem, created_at as "createdAt", updated_at as "updatedAt",
  finished_at as "finishedAt"`

export const insertImport = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  made: { importId: string; fileName: string | null; mapping: OrderImportMapping; actor: string; at: Instant },
): Promise<void> => {
  await sql`
    insert into order_import (workspace_id, import_id, file_name, mapping, state, created_by, created_at, updated_at)
    values (${workspaceId}, ${made.importId}, ${made.fileName}, ${JSON.stringify(made.mapping)}::jsonb, 'receiving',
      ${made.actor}, ${made.at}, ${made.at})`.execute(tx)
}

/** False: the import was stopped meanwhile. */
export const addPiece = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  piece: { importId: string; at: number; bytes: Buffer; now: Instant },
): Promise<boolean> => {
  const { rows } = await sql`
    update order_import set bytes = ${piece.at + piece.bytes.length}, updated_at = ${piece.now}
    where workspace_id = ${workspaceId} and import_id = ${piece.importId} and state = 'receiving'
    returning 1`.execute(tx)
  if (rows.length === 0) return false
  await sql`
    insert into order_import_piece (workspace_id, import_id, at, bytes)
    values (${workspaceId}, ${piece.importId}, ${piece.at}, ${piece.bytes})`.execute(tx)
  return true
}

/** Moves on from one of these states; false when it was in none of them. */
export const moveState = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  move: {
    importId: string
    from: readonly ImportState[]
    to: ImportState
    now: Instant
    problem?: { message: string; remedy: string }
    understood?: Understood
  },
): Promise<boolean> => {
  const isEnd = move.to === 'done' || move.to === 'stopped' || move.to === 'failed'
  const { rows } = await sql`
    update order_import set state = ${move.to}, updated_at = ${move.now},
      finished_at = ${isEnd ? move.now : null}::bigint,
      problem = coalesce(${move.problem ? JSON.stringify(move.problem) : null}::jsonb, problem),
      understood = coalesce(${move.understood ? JSON.stringify(move.understood) : null}::jsonb, understood)
    where workspace_id = ${workspaceId} and import_id = ${move.importId} and state = any(${move.from}::text[])
    returning 1`.execute(tx)
  return rows.length > 0
}

export const findImport = async (tx: Tx, workspaceId: WorkspaceId, importId: string): Promise<ImportRow | null> => {
  const { rows } = await sql<ImportRow>`
    select ${columns} from order_import where workspace_id = ${workspaceId} and import_id = ${importId}`.execute(tx)
  return rows[0] ?? null
}

/** The oldest one that has something to read or write. */
export const findActiveImport = async (tx: Tx, workspaceId: WorkspaceId): Promise<ImportRow | null> => {
  const { rows } = await sql<ImportRow>`
    select ${columns} from order_import
    where workspace_id = ${workspaceId} and state in ('reading', 'writing')
    order by created_at, import_id limit 1`.execute(tx)
  return rows[0] ?? null
}

export const listImports = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  page: { after: readonly [Instant, string] | null; limit: number },
): Promise<readonly ImportRow[]> => {
  const [at, importId] = page.after ?? [null, null]
  const { rows } = await sql<ImportRow>`
    select ${columns} from order_import
    where workspace_id = ${workspaceId}
      and (${at}::bigint is null or (created_at, import_id) < (${at}::bigint, ${importId}::uuid))
    order by created_at desc, import_id desc limit ${page.limit + 1}`.execute(tx)
  return rows
}

export const countRejections = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  importIds: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, number>>>> => {
  const { rows } = await sql<{ importId: string; reasons: Record<string, number> }>`
    select import_id as "importId", jsonb_object_agg(reason, n) as reasons
    from (select import_id, reason, count(*) as n from order_import_rejection
          where workspace_id = ${workspaceId} and import_id = any(${importIds}::uuid[]) group by import_id, reason) c
    group by import_id`.execute(tx)
  return new Map(rows.map((row) => [row.importId, row.reasons]))
}

export const listRejections = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  query: { importId: string; after: number; limit: number },
): Promise<readonly { line: number; reason: string; text: string }[]> => {
  const { rows } = await sql<{ line: number; reason: string; text: string }>`
    select line, reason, row_text as text from order_import_rejection
    where workspace_id = ${workspaceId} and import_id = ${query.importId} and line > ${query.after}
    order by line limit ${query.limit + 1}`.execute(tx)
  return rows
}

/** The file's bytes from a place on, at most about two pieces of them. */
export const readPieces = async (tx: Tx, workspaceId: WorkspaceId, importId: string, from: number): Promise<Buffer> => {
  const { rows } = await sql<{ at: number; bytes: Buffer }>`
    select at, bytes from order_import_piece
    where workspace_id = ${workspaceId} and import_id = ${importId}
      and at >= (select max(at) from order_import_piece
                 where workspace_id = ${workspaceId} and import_id = ${importId} and at <= ${from})
    order by at limit 2`.execute(tx)
  const first = rows[0]
  return first ? Buffer.concat(rows.map((row) => row.bytes)).subarray(from - first.at) : Buffer.alloc(0)
}

/** What reading one stretch of the file gave, with its checkpoint; false when the import is not being read any more. */
export const saveRead = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  read: {
    importId: string
    from: number
    bytesRead: number
    linesRead: number
    lines: readonly OrderLine[]
    rejected: readonly RejectedLine[]
    now: Instant
  },
): Promise<boolean> => {
  const { importId, lines, rejected } = read
  const { rows } = await sql`
    update order_import set bytes_read = ${read.bytesRead}, lines_read = ${read.linesRead},
      accepted = accepted + ${lines.length}, rejected = rejected + ${rejected.length}, updated_at = ${read.now}
    where workspace_id = ${workspaceId} and import_id = ${importId} and state = 'reading' and bytes_read = ${read.from}
    returning 1`.execute(tx)
  if (rows.length === 0) return false
  const of = <Value>(pick: (line: OrderLine) => Value) => lines.map(pick)
  // quantity × price is multiplied here, where decimals are exact.
  await sql`
    insert into order_import_line (workspace_id, import_id, line, order_key, customer, email, ordered_at, amount, currency)
    select ${workspaceId}, ${importId}, line, order_key, customer, email, ordered_at, quantity * price, currency
    from unnest(${of((l) => l.line)}::bigint[], ${of((l) => l.orderKey)}::text[], ${of((l) => l.customer)}::text[],
      ${of((l) => l.email)}::text[], ${of((l) => l.at)}::bigint[], ${of((l) => l.quantity)}::numeric[],
      ${of((l) => l.price)}::numeric[], ${of((l) => l.currency)}::text[])
      as row (line, order_key, customer, email, ordered_at, quantity, price, currency)`.execute(tx)
  await sql`
    insert into order_import_rejection (workspace_id, import_id, line, reason, row_text)
    select ${workspaceId}, ${importId}, row.*
    from unnest(${rejected.map((r) => r.line)}::bigint[], ${rejected.map((r) => r.reason)}::text[],
      ${rejected.map((r) => r.text)}::text[]) row
    on conflict do nothing`.execute(tx)
  return true
}

/** Tells PostgreSQL what its rows are like, before anything is asked that joins them: it would take each for the only one. */
export const lookAtLines = async (tx: Tx): Promise<void> => {
  await sql`select look_at_import_lines()`.execute(tx)
}

/** Different customers, by id, else by e-mail. */
export const countCustomers = async (tx: Tx, workspaceId: WorkspaceId, importId: string): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(distinct coalesce(customer, email))::bigint as n from order_import_line
    where workspace_id = ${workspaceId} and import_id = ${importId}`.execute(tx)
  return rows[0]?.n ?? 0
}

export const saveCustomers = async (tx: Tx, workspaceId: WorkspaceId, importId: string, customers: number) => {
  await sql`
    update order_import set customers = ${customers}
    where workspace_id = ${workspaceId} and import_id = ${importId}`.execute(tx)
}

/** Whether the people stage has yet to come to something that a file brought into the log. */
export const hasUnfolded = async (tx: Tx, workspaceId: WorkspaceId): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from log_entry
    where workspace_id = ${workspaceId} and lane = 'bulk' and position > ${await readPosition(tx, workspaceId, 'people', 'bulk')}
    limit 1`.execute(tx)
  return rows.length > 0
}

export interface Written {
  readonly importId: string
  readonly from: { readonly key: string; readonly part: number }
  readonly to: { readonly key: string; readonly part: number }
  readonly orders: number
  readonly returns: number
  readonly cancellations: number
  readonly guestOrders: number
  readonly totals: Readonly<Record<string, number>>
  /** Without the first `kept` rows of each, which are in the log. */
  readonly rejectedKeys: readonly { readonly orderKey: string; readonly reason: string; readonly kept: number }[]
  readonly now: Instant
}

/** The checkpoint of writing; false when the import is not being written any more. */
export const saveWritten = async (tx: Tx, workspaceId: WorkspaceId, written: Written): Promise<boolean> => {
  const { rows: rejected } = await sql`
    insert into order_import_rejection (workspace_id, import_id, line, reason, row_text)
    select l.workspace_id, l.import_id, l.line, bad.reason, concat_ws(', ', l.order_key, l.customer, l.email, l.amount, l.currency)
    from unnest(${written.rejectedKeys.map((k) => k.orderKey)}::text[], ${written.rejectedKeys.map((k) => k.reason)}::text[],
        ${written.rejectedKeys.map((k) => k.kept)}::bigint[]) as bad (order_key, reason, kept)
    cross join lateral (
      select * from order_import_line each
      where each.workspace_id = ${workspaceId} and each.import_id = ${written.importId} and each.order_key = bad.order_key
      order by each.line offset bad.kept) l
    on conflict do nothing returning 1`.execute(tx)
  const { rows } = await sql`
    update order_import set written_to = ${written.to.key}, written_part = ${written.to.part},
      orders = orders + ${written.orders}, returns = returns + ${written.returns}, cancellations = cancellations + ${written.cancellations},
      guest_orders = guest_orders + ${written.guestOrders}, updated_at = ${written.now},
      accepted = accepted - ${rejected.length}, rejected = rejected + ${rejected.length},
      totals = totals || (
        select coalesce(jsonb_object_agg(key, value::bigint + coalesce((totals->>key)::bigint, 0)), '{}')
        from jsonb_each_text(${JSON.stringify(written.totals)}::jsonb))
    where workspace_id = ${workspaceId} and import_id = ${written.importId} and state = 'writing'
      and written_to = ${written.from.key} and written_part = ${written.from.part}
    returning 1`.execute(tx)
  return rows.length > 0
}

/** Removes a part of what finished imports left behind; how many rows that was. */
export const cleanUp = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  options: { most: number; rejectionsBefore: Instant; receivedUntil: Instant; now: Instant },
): Promise<number> => {
  await sql`
    update order_import set state = 'failed', finished_at = ${options.now}, updated_at = ${options.now},
      problem = ${JSON.stringify(brokenOff)}::jsonb
    where workspace_id = ${workspaceId} and state = 'receiving' and updated_at <= ${options.receivedUntil}`.execute(tx)
  const { rows } = await sql<{ n: number }>`
    with ended as (
      select import_id, finished_at, state from order_import
      where workspace_id = ${workspaceId} and state in ('writing', 'done', 'stopped', 'failed')),
    lines as (
      delete from order_import_line where ctid = any(array(
        select l.ctid from order_import_line l join ended e using (import_id)
        where l.workspace_id = ${workspaceId} and e.state <> 'writing' limit ${options.most})) returning 1),
    pieces as (
      delete from order_import_piece where ctid = any(array(
        select p.ctid from order_import_piece p join ended e using (import_id)
        where p.workspace_id = ${workspaceId} limit 20)) returning 1),
    rejections as (
      delete from order_import_rejection where ctid = any(array(
        select r.ctid from order_import_rejection r join ended e using (import_id)
        where r.workspace_id = ${workspaceId} and e.finished_at < ${options.rejectionsBefore} limit ${options.most})) returning 1)
    select (select count(*) from lines) + (select count(*) from pieces) + (select count(*) from rejections) as n`.execute(
    tx,
  )
  return rows[0]?.n ?? 0
}

/** When the file that has been silent for longest, of those that are being sent, was heard of last; null when none is. */
export const readOldestReceiving = async (tx: Tx, workspaceId: WorkspaceId): Promise<Instant | null> => {
  const { rows } = await sql<{ at: Instant | null }>`
    select min(updated_at) as at from order_import
    where workspace_id = ${workspaceId} and state = 'receiving'`.execute(tx)
  return rows[0]?.at ?? null
}

export const brokenOff = {
  message: 'The file broke off while it was being sent.',
  remedy: 'Send it again: what stands in the log already is not doubled.',
}

/** Whether a file that began to come before an instant is still on its way into the log. */
export const hasUnfinished = async (tx: Tx, workspaceId: WorkspaceId, before: Instant): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from order_import
    where workspace_id = ${workspaceId} and state in ('receiving', 'reading', 'writing') and created_at <= ${before}
    limit 1`.execute(tx)
  return rows.length > 0
}

/** A shorter id alone does not tell whose a row is: it may be a number of pieces. */
const tellingLength = 5

/**
 * Lines whose customer one of these values is, in lower case; and rejected rows, of which nobody knows what stands where, in
 * which one that tells stands as a cell.
 */
export const deleteRowsNaming = async (tx: Tx, workspaceId: WorkspaceId, values: readonly string[]): Promise<void> => {
  // How far a file was written is told by the number of an order, hers perhaps; of one that is over nobody asks.
  await sql`
    update order_import set written_to = ''
    where workspace_id = ${workspaceId} and state in ('done', 'stopped', 'failed') and written_to <> ''`.execute(tx)
  if (values.length === 0) return
  await sql`
    delete from order_import_line
    where workspace_id = ${workspaceId} and (lower(email) = any(${values}::text[]) or lower(customer) = any(${values}::text[]))`.execute(
    tx,
  )
  await sql`
    delete from order_import_rejection
    where workspace_id = ${workspaceId}
      and regexp_split_to_array(lower(row_text), ${String.raw`\s*["\',;|\t\r\n]+\s*`}) && ${values.filter(({ length }) => length >= tellingLength)}::text[]`.execute(
    tx,
  )
}
