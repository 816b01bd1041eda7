import type { Readable } from 'node:stream'
import type { ImportJob, OrderImportMapping } from '@baton/contract'
import { notFound, UserError } from '../../http/index.ts'
import { askForTurn, type Stage } from '../../jobs/index.ts'
import { type Clock, type Instant, newId, type WorkspaceId } from '../../kernel/index.ts'
import type { Postgres, Tx } from '../../stores/index.ts'
import type { Workspaces } from '../../workspaces/index.ts'
import type { Collect } from '../index.ts'
import {
  addPiece,
  brokenOff,
  countRejections,
  deleteRowsNaming,
  findImport,
  hasUnfinished,
  type ImportRow,
  insertImport,
  moveState,
} from './import-store.ts'
import { createImportsStage, type ImportsStageDeps, importsStageName } from './imports-stage.ts'

export interface ImportsDeps {
  readonly postgres: Postgres
  readonly clock: Clock
  readonly workspaces: Pick<Workspaces, 'get' | 'audit'>
  readonly collect: Pick<Collect, 'appendEvents'>
  /** The people room, which stands below this one on the ladder. */
  readonly people: Pick<ImportsStageDeps, 'orderHoldersIn'>
  readonly ordersPerTurn?: number
}

export interface NewImport {
  readonly workspaceId: WorkspaceId
  readonly actor: string
  readonly fileName: string | null
  readonly mapping: OrderImportMapping
}

/** Files of orders, on their way into the log like any other event. */
export interface Imports {
  /** Stage `imports`: works at what was received, goes on after a stop. */
  readonly stage: Stage
  /** Stores the file as it comes, never whole in memory; resolves when it is there and work on it has begun. */
  receive(made: NewImport, file: Readable): Promise<string>
  get(workspaceId: WorkspaceId, importId: string): Promise<ImportJob>
  /** Whether a file from before an instant is still on its way into the log. */
  hasUnfinished(tx: Tx, workspaceId: WorkspaceId, before: Instant): Promise<boolean>
  /** Takes out lines and rejected rows that name an erased person by one of these values. */
  clearErased(tx: Tx, workspaceId: WorkspaceId, values: readonly string[]): Promise<void>
  /** What was written to the log stays; nothing more is. */
  stop(caller: Pick<NewImport, 'workspaceId' | 'actor'>, importId: string): Promise<ImportJob>
}

const pieceBytes = 256 * 1024

export const createImports = (deps: ImportsDeps): Imports => {
  const { postgres, clock, workspaces, collect } = deps

  const wake = (tx: Tx, workspaceId: WorkspaceId) => askForTurn(tx, workspaceId, importsStageName, 0)

  const get = (workspaceId: WorkspaceId, importId: string): Promise<ImportJob> =>
    postgres.inWorkspace(workspaceId, async (tx) => {
      const row = await findImport(tx, workspaceId, importId)
      if (!row) throw notFound('import')
      return describeImport(row, (await countRejections(tx, workspaceId, [importId])).get(importId))
    })

  const storeFile = async (workspaceId: WorkspaceId, importId: string, file: Readable): Promise<number> => {
    let at = 0
    for await (const bytes of piecesOf(file)) {
      const piece = { importId, at, bytes, now: clock.now() }
      const isWanted = await postgres.inWorkspace(workspaceId, (tx) => addPiece(tx, workspaceId, piece))
      if (!isWanted)
        throw new UserError('conflict', 'The import was stopped while the file was being sent.', {
          remedy: 'Send it again if it is wanted after all.',
        })
      at += bytes.length
    }
    return at
  }

  return {
    stage: createImportsStage({
      postgres,
      machineNow: clock.now,
      workspaceOf: workspaces.get,
      orderHoldersIn: deps.people.orderHoldersIn,
      ...(deps.ordersPerTurn === undefined ? {} : { ordersPerTurn: deps.ordersPerTurn }),
      append: (workspaceId, events, options) => collect.appendEvents(workspaceId, 'bulk', events, options),
    }),
    get,
    hasUnfinished,
    clearErased: deleteRowsNaming,

    receive: async ({ workspaceId, actor, fileName, mapping }, file) => {
      const importId = newId<string>()
      await postgres.inWorkspace(workspaceId, async (tx) => {
        await insertImport(tx, workspaceId, { importId, fileName, mapping, actor, at: clock.now() })
        // So that the stage looks again in time whether it still comes: this process may die before it is there.
        await wake(tx, workspaceId)
        const entry = { workspaceId, actor, action: 'import.started', object: `import:${importId}` }
        await workspaces.audit(tx, { ...entry, detail: { source: mapping.source } })
      })
      const bytes = await storeFile(workspaceId, importId, file).catch(async (error: unknown) => {
        const failed = { importId, from: ['receiving'] as const, to: 'failed' as const, now: clock.now() }
        await postgres.inWorkspace(workspaceId, async (tx) => {
          await moveState(tx, workspaceId, { ...failed, problem: brokenOff })
          await wake(tx, workspaceId)
        })
        throw error
      })
      const to = bytes === 0 ? 'failed' : 'reading'
      const problem = { message: 'The file is empty.', remedy: 'Send the file itself as the body of the request.' }
      await postgres.inWorkspace(workspaceId, async (tx) => {
        await moveState(tx, workspaceId, {
          importId,
          from: ['receiving'],
          to,
          now: clock.now(),
          ...(bytes === 0 ? { problem } : {}),
        })
        await wake(tx, workspaceId)
      })
      if (bytes === 0) throw new UserError('invalid-input', problem.message, { remedy: problem.remedy })
      return importId
    },

    stop: async ({ workspaceId, actor }, importId) => {
      await postgres.inWorkspace(workspaceId, async (tx) => {
        if (!(await findImport(tx, workspaceId, importId))) throw notFound('import')
        const from = ['receiving', 'reading', 'writing'] as const
        if (!(await moveState(tx, workspaceId, { importId, from, to: 'stopped', now: clock.now() }))) return
        await workspaces.audit(tx, { workspaceId, actor, action: 'import.stopped', object: `import:${importId}` })
        await wake(tx, workspaceId)
      })
      return get(workspaceId, importId)
    },
  }
}

/** A stream cut into pieces of 256 KB, the last one shorter. */
async function* piecesOf(file: Readable): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let length = 0
  for await (const chunk of file) {
    waiting.push(Buffer.from(chunk))
    length += chunk.length
    if (length < pieceBytes) continue
    const all = Buffer.concat(waiting)
    let at = 0
    for (; all.length - at >= pieceBytes; at += pieceBytes) yield all.subarray(at, at + pieceBytes)
    waiting = [all.subarray(at)]
    length = all.length - at
  }
  if (length > 0) yield Buffer.concat(waiting)
}

export const describeImport = (row: ImportRow, rejectedByReason: Readonly<Record<string, number>> = {}): ImportJob => ({
  importId: row.importId,
  kind: 'orders',
  fileName: row.fileName,
  source: row.mapping.source,
  state: row.state,
  bytes: row.bytes,
  bytesRead: row.bytesRead,
  rows: row.accepted + row.rejected,
  accepted: row.accepted,
  rejected: row.rejected,
  rejectedByReason: { ...rejectedByReason },
  orders: row.orders,
  returns: row.returns,
  cancellations: row.cancellations,
  guestOrders: row.guestOrders,
  customers: row.customers,
  totals: Object.entries(row.totals).map(([currency, minor]) => ({ currency, minor })),
  understood: row.understood && {
    separator: row.understood.separator,
    header: row.understood.header,
    dateFormat: row.understood.dateFormat,
    decimalMark: row.understood.decimalMark,
    encoding: row.understood.encoding,
  },
  problem: row.problem && { message: row.problem.message, remedy: row.problem.remedy },
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  finishedAt: row.finishedAt,
})
