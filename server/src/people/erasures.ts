import type { Collect } from '../collect/index.ts'
import { readPosition, type Turn } from '../jobs/index.ts'
import { newId, type PersonId, type Position, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, Postgres, Tx } from '../stores/index.ts'
import { countErased, deleteErased } from './erase-sql.ts'
import { type ErasureRow, hasUnhandledBelow, insertErasure, pendingErasures } from './erasure-store.ts'
import { peopleStageName } from './handle-batches.ts'
import { eraseAction } from './hide-person.ts'
import { loadOrders } from './order-store.ts'
import { orderLines } from './projection-rows.ts'
import { insertLines } from './projection-sql.ts'
import { readVersion } from './projection-store.ts'
import { rewriteSlice } from './rewrite-log.ts'
import { orderIdsOfSubjects } from './take-out-store.ts'

/** What the people room does when somebody is erased; the room that looks after the whole of it calls these in turn. */
export interface PeopleErasures {
  /** Notes that she is to be erased, in the caller's transaction, which holds her. */
  request(
    tx: Tx,
    workspaceId: WorkspaceId,
    asked: Pick<ErasureRow, 'erasureId' | 'personIds' | 'pseudonym' | 'requestedAt' | 'requestedBy'>,
  ): Promise<void>
  /** Puts the entry into the log by which she is hidden. Twice does no harm. */
  announce(workspaceId: WorkspaceId, erasure: Pick<ErasureRow, 'erasureId' | 'personIds'>): Promise<Position>
  pending(tx: Tx, workspaceId: WorkspaceId): Promise<readonly ErasureRow[]>
  /** Whether all that was received before, in either lane, has been handled. */
  hasCaughtUp(workspaceId: WorkspaceId, below: Position): Promise<boolean>
  rewriteSlice(
    turn: Turn,
    erasures: readonly ErasureRow[],
    range: { readonly after: Position; readonly below: Position },
  ): Promise<{ readonly isEnd: boolean }>
  /** Takes her out of ClickHouse; what stays counted of her orders is there under its pseudonym. */
  clearClickHouse(workspaceId: WorkspaceId, erasures: readonly ErasureRow[]): Promise<void>
  countInClickHouse(workspaceId: WorkspaceId, personIds: readonly PersonId[]): Promise<number>
}

export const createPeopleErasures = (deps: {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly collect: Pick<Collect, 'appendEvents'>
}): PeopleErasures => {
  const { postgres, clickhouse, collect } = deps
  return {
    request: insertErasure,
    announce: (workspaceId, { erasureId, personIds }) => {
      const properties = { erasureId, persons: [...personIds] }
      const event = { type: 'system', action: eraseAction, messageId: `baton-erasure:${newId<string>()}`, properties }
      return collect.appendEvents(workspaceId, 'live', [event], { source: 'console', internal: true })
    },
    pending: pendingErasures,
    hasCaughtUp: (workspaceId, below) =>
      postgres.inWorkspace(workspaceId, async (tx) => {
        const positions = {
          live: await readPosition(tx, workspaceId, peopleStageName, 'live'),
          bulk: await readPosition(tx, workspaceId, peopleStageName, 'bulk'),
        }
        return !(await hasUnhandledBelow(tx, workspaceId, positions, below))
      }),
    rewriteSlice: (turn, erasures, range) => rewriteSlice(postgres, turn, erasures, range),
    clearClickHouse: async (workspaceId, erasures) => {
      const pseudonyms = erasures.flatMap(({ pseudonym }) => pseudonym ?? [])
      await writePseudonymous(deps, workspaceId, pseudonyms)
      await deleteErased(
        clickhouse,
        workspaceId,
        erasures.flatMap(({ personIds }) => personIds),
      )
    },
    countInClickHouse: (workspaceId, personIds) => countErased(clickhouse, workspaceId, personIds),
  }
}

const writePseudonymous = async (
  { postgres, clickhouse }: { readonly postgres: Postgres; readonly clickhouse: ClickHouse },
  workspaceId: WorkspaceId,
  pseudonyms: readonly SubjectId[],
): Promise<void> => {
  const { orders, version } = await postgres.inWorkspace(workspaceId, async (tx) => {
    const seenAt = await readVersion(tx)
    const ids = await orderIdsOfSubjects(tx, workspaceId, pseudonyms)
    return { orders: [...(await loadOrders(tx, workspaceId, ids)).values()], version: seenAt }
  })
  await insertLines(clickhouse, 'customer_order', orderLines(workspaceId, orders, version))
}
