import { checkLease, type Stage, type Turn, type TurnOutcome } from '../../jobs/index.ts'
import { crashPoint, dayMs, type Instant, minuteMs, type Position, type WorkspaceId } from '../../kernel/index.ts'
import type { Postgres, Tx } from '../../stores/index.ts'
import type { JsonObject } from '../parse-event.ts'
import { type Grouped, ordersOfGroup, rejectBeyondTotal, type Stretch } from './group-orders.ts'
import {
  cleanUp,
  countCustomers,
  findActiveImport,
  hasUnfolded,
  type ImportRow,
  lookAtLines,
  moveState,
  readOldestReceiving,
  readPieces,
  saveCustomers,
  saveRead,
  saveWritten,
} from './import-store.ts'
import { matchCancellations } from './match-cancellations.ts'
import { eventsOfOrder, type ImportedOrder, statedOrderOf } from './order-events.ts'
import { type OrderGroup, readGroupsAfter, readGroupsOfCustomers } from './order-group-store.ts'
import { createLineReader, type OrderLine, type RejectedLine } from './read-order-line.ts'
import { splitRecords } from './split-records.ts'
import { type Understood, understandFile } from './understand-file.ts'
import { isOfAnother, type OrderHolder } from './whose-order.ts'

export const importsStageName = 'imports'

export interface ImportsStageDeps {
  readonly postgres: Postgres
  readonly machineNow: () => Instant
  readonly workspaceOf: (workspaceId: WorkspaceId) => Promise<{ readonly currency: string; readonly timeZone: string }>
  /** Who has each of these orders; one never seen is missing. */
  readonly orderHoldersIn: (
    tx: Tx,
    workspaceId: WorkspaceId,
    orderIds: readonly string[],
  ) => Promise<ReadonlyMap<string, OrderHolder>>
  /** Commits to the bulk lane of the log. */
  readonly append: (
    workspaceId: WorkspaceId,
    events: readonly JsonObject[],
    options: { readonly source: string; readonly historic: true },
  ) => Promise<Position>
  /** Where equal rows are as many orders: how many of them a turn writes. */
  readonly ordersPerTurn?: number
}

const keysPerTurn = 1_000
const defaultOrdersPerTurn = 10_000
const rowsCleanedPerTurn = 20_000
const rejectionsKeptMs = 90 * dayMs
/** So long without a byte, and whoever sent the file is gone. */
const receivingPatienceMs = 10 * minuteMs
/** How soon to look again whether the orders of the file before are known. */
const unfoldedRetryMs = 100

/**
 * Brings files of orders into the log, a stretch a turn: rows to lines (checkpoint: the byte after the last row read),
 * then orders to events (checkpoint: the last key written, and how many of its equal rows). Killed at any point it goes
 * on at the checkpoint; what was written beyond it is written again under the same message ids and removed as duplicate.
 */
export const createImportsStage = (deps: ImportsStageDeps): Stage => ({
  name: importsStageName,
  lanes: ['bulk'],
  after: [],
  turn: async (turn) => {
    const { workspaceId } = turn
    const active = await deps.postgres.inWorkspace(workspaceId, (tx) => findActiveImport(tx, workspaceId))
    if (!active) return cleanUpTurn(deps, turn)
    return active.state === 'reading' ? readTurn(deps, turn, active) : writeTurn(deps, turn, active)
  },
})

/** Writes that hold only while the lease does; a turn that lost the import to a stop has simply nothing more to do. */
const underLease = <T>(deps: ImportsStageDeps, turn: Turn, work: (tx: Tx) => Promise<T>): Promise<T> =>
  deps.postgres.inWorkspace(turn.workspaceId, async (tx) => {
    await checkLease(tx, turn)
    return work(tx)
  })

const cleanUpTurn = async (deps: ImportsStageDeps, turn: Turn): Promise<TurnOutcome> => {
  const now = deps.machineNow()
  const { handled, oldestReceiving } = await underLease(deps, turn, async (tx) => ({
    handled: await cleanUp(tx, turn.workspaceId, {
      most: rowsCleanedPerTurn,
      rejectionsBefore: now - rejectionsKeptMs,
      receivedUntil: now - receivingPatienceMs,
      now,
    }),
    oldestReceiving: await readOldestReceiving(tx, turn.workspaceId),
  }))
  // What is being received is timed by the machine's clock, a wake-up by the workspace's.
  const dueAt = oldestReceiving === null ? null : turn.now + oldestReceiving + receivingPatienceMs - now
  return { handled, more: handled > 0, dueAt }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

const readTurn = async (deps: ImportsStageDeps, turn: Turn, row: ImportRow): Promise<TurnOutcome> => {
  const { workspaceId } = turn
  const { importId, mapping, bytes, bytesRead } = row
  const piece = await deps.postgres.inWorkspace(workspaceId, (tx) => readPieces(tx, workspaceId, importId, bytesRead))
  const isLast = bytesRead + piece.length >= bytes
  const markBytes = bytesRead === 0 && piece.subarray(0, 3).equals(byteOrderMark) ? 3 : 0
  const body = piece.subarray(markBytes)
  const now = deps.machineNow()

  if (row.understood === null) {
    const found = understandFile(body, isLast, mapping)
    await underLease(deps, turn, (tx) =>
      found.kind === 'understood'
        ? moveState(tx, workspaceId, { importId, from: ['reading'], to: 'reading', now, understood: found.understood })
        : moveState(tx, workspaceId, { importId, from: ['reading'], to: 'failed', now, problem: found }),
    )
    return { handled: 1, more: true }
  }

  const { separator, encoding, width } = row.understood
  const split = splitRecords(body, { separator, encoding, isLast, width })
  const how = { ...(await deps.workspaceOf(workspaceId)), mapping, understood: row.understood, now: turn.now }
  const { lines, rejected } = readLines(split, row, how)
  await underLease(deps, turn, async (tx) => {
    const isOurs = await saveRead(tx, workspaceId, {
      importId,
      from: bytesRead,
      bytesRead: bytesRead + markBytes + split.bytes,
      linesRead: row.linesRead + split.lines,
      lines,
      rejected,
      now,
    })
    if (!isOurs || !isLast) return
    await moveState(tx, workspaceId, { importId, from: ['reading'], to: 'writing', now })
    await lookAtLines(tx)
  })
  return { handled: lines.length + rejected.length, more: true }
}

const readLines = (
  split: ReturnType<typeof splitRecords>,
  row: ImportRow,
  how: Omit<Parameters<typeof createLineReader>[0], 'understood'> & { readonly understood: Understood },
): { lines: OrderLine[]; rejected: RejectedLine[] } => {
  const readLine = createLineReader(how)
  const records = row.bytesRead === 0 && how.understood.header ? split.records.slice(1) : split.records
  const lines: OrderLine[] = []
  const rejected: RejectedLine[] = split.broken.map(({ line, text, reason }) => ({
    line: line + row.linesRead,
    reason,
    text,
  }))
  for (const record of records) {
    const read = readLine({ ...record, line: record.line + row.linesRead })
    if ('reason' in read) rejected.push(read)
    else lines.push(read)
  }
  return { lines, rejected }
}

const writeTurn = async (deps: ImportsStageDeps, turn: Turn, row: ImportRow): Promise<TurnOutcome> => {
  const { workspaceId } = turn
  const { importId, mapping, writtenTo, writtenPart } = row
  const ordersPerTurn = deps.ordersPerTurn ?? defaultOrdersPerTurn
  // Whose an order is, is known when the people stage has come past the files before this one.
  if (writtenTo === '' && (await deps.postgres.inWorkspace(workspaceId, (tx) => hasUnfolded(tx, workspaceId))))
    return { handled: 0, more: false, retryInMs: unfoldedRetryMs }
  const { groups, cancelled, customers } = await deps.postgres.inWorkspace(
    workspaceId,
    async (tx) => {
      const found = await readGroupsAfter(tx, workspaceId, {
        importId,
        after: writtenTo,
        isPart: writtenPart > 0,
        limit: keysPerTurn,
        lines: ordersPerTurn,
      })
      return {
        groups: found,
        cancelled: await findCancelled(tx, turn, row, found),
        customers: row.customers ?? (await countCustomers(tx, workspaceId, importId)),
      }
    },
    { readOnly: true, isolation: 'repeatable read' },
  )
  const now = deps.machineNow()
  const options = { hasOrderNumbers: mapping.order !== undefined, source: mapping.source }
  const stretches = stretchesOf(groups, row, { most: ordersPerTurn, hasOrderNumbers: options.hasOrderNumbers })
  const last = stretches.at(-1)
  if (!last) {
    await underLease(deps, turn, (tx) => moveState(tx, workspaceId, { importId, from: ['writing'], to: 'done', now }))
    return { handled: 1, more: true }
  }

  const ofHolders = await rejectOfOthers(
    deps,
    turn,
    mapping.source,
    stretches.map(({ group, stretch }) => ({
      group,
      made: ordersOfGroup(group, { ...options, cancels: cancelled.get(group.orderKey) ?? null }, stretch),
    })),
  )
  const grouped = rejectBeyondTotal(ofHolders, row.totals)
  const orders = grouped.flatMap(({ made }) => (made.kind === 'orders' ? made.orders : []))
  const events = orders.flatMap((order) => eventsOfOrder(order, mapping.source))
  await deps.append(workspaceId, events, { source: `import:${mapping.source}`, historic: true })
  crashPoint('collect.import-appended')
  const goesOn = last.stretch.to < last.group.lines && grouped.at(-1)?.made.kind === 'orders'
  await underLease(deps, turn, async (tx) => {
    await saveWritten(tx, workspaceId, {
      importId,
      from: { key: writtenTo, part: writtenPart },
      to: { key: last.group.orderKey, part: goesOn ? last.stretch.to : 0 },
      ...countOrders(orders),
      rejectedKeys: grouped.flatMap(({ group, made }) =>
        made.kind === 'rejected'
          ? [{ orderKey: group.orderKey, reason: made.reason, kept: group.orderKey === writtenTo ? writtenPart : 0 }]
          : [],
      ),
      now,
    })
    if (row.customers === null) await saveCustomers(tx, workspaceId, importId, customers)
  })
  return { handled: orders.length, more: true }
}

/** What a turn writes of these keys: the last one's equal rows may go on in the next. */
const stretchesOf = (
  groups: readonly OrderGroup[],
  { writtenTo, writtenPart }: ImportRow,
  { most, hasOrderNumbers }: { readonly most: number; readonly hasOrderNumbers: boolean },
): readonly { readonly group: OrderGroup; readonly stretch: Stretch }[] => {
  const taken: { group: OrderGroup; stretch: Stretch }[] = []
  let left = most
  for (const group of groups) {
    if (left <= 0) break
    const from = group.orderKey === writtenTo ? writtenPart : 0
    const to = hasOrderNumbers ? group.lines : Math.min(group.lines, from + left)
    taken.push({ group, stretch: { from, to } })
    left -= hasOrderNumbers ? 1 : to - from
  }
  return taken
}

/** For the returns among these orders: the orders they cancel, looked for among all of their customers' in the file. */
const findCancelled = async (
  tx: Tx,
  { workspaceId }: Turn,
  { importId, mapping }: ImportRow,
  groups: readonly OrderGroup[],
): Promise<ReadonlyMap<string, string>> => {
  if (mapping.order === undefined) return new Map()
  const customers = groups.flatMap((group) => (group.total.startsWith('-') ? (customerOf(group) ?? []) : []))
  if (customers.length === 0) return new Map()
  const theirs = await readGroupsOfCustomers(tx, workspaceId, { importId, customers: [...new Set(customers)] })
  return matchCancellations(
    theirs.flatMap((group) => {
      const customer = customerOf(group)
      const made = ordersOfGroup(group, { hasOrderNumbers: true, source: mapping.source, cancels: null })
      if (customer === null || made.kind === 'rejected') return []
      return made.orders.map(({ at, minor, currency }) => ({ orderKey: group.orderKey, customer, at, minor, currency }))
    }),
  )
}

/** By id, else by e-mail; null for a guest. */
const customerOf = ({ customer, email }: OrderGroup): string | null => customer ?? email

/** Leaves out orders whose number stands under another customer: two systems may count alike. */
const rejectOfOthers = async (
  deps: ImportsStageDeps,
  { workspaceId }: Turn,
  source: string,
  grouped: readonly Grouped[],
): Promise<readonly Grouped[]> => {
  const orderIds = grouped.flatMap(({ made }) => (made.kind === 'orders' ? made.orders.map(statedOrderOf) : []))
  const holders = await deps.postgres.inWorkspace(
    workspaceId,
    (tx) => deps.orderHoldersIn(tx, workspaceId, [...new Set(orderIds)]),
    { readOnly: true },
  )
  const isTaken = (order: ImportedOrder): boolean => {
    const holder = holders.get(statedOrderOf(order))
    return holder !== undefined && isOfAnother(order, holder, source)
  }
  return grouped.map(({ group, made }) =>
    made.kind === 'orders' && made.orders.some(isTaken)
      ? { group, made: { kind: 'rejected', reason: 'other-customer' } }
      : { group, made },
  )
}

const countOrders = (orders: readonly ImportedOrder[]) => {
  const totals: Record<string, number> = {}
  for (const { currency, minor } of orders) totals[currency] = (totals[currency] ?? 0) + minor
  return {
    orders: orders.length,
    returns: orders.filter((order) => order.minor < 0).length,
    cancellations: orders.filter((order) => order.cancels !== null).length,
    guestOrders: orders.filter((order) => order.customer === null && order.email === null).length,
    totals,
  }
}
