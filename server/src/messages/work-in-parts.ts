import { checkLease, quarantineItems, reasonOf, type Turn } from '../jobs/index.ts'
import { brandAs, type Position } from '../kernel/index.ts'
import { isDataError, type Postgres } from '../stores/index.ts'
import { moveMessages, readMessages } from './ledger-store.ts'
import type { MessageRow } from './message-row.ts'

/**
 * Does `work` on messages that are due. Where it fails by what they are, it is done on halves, each as it stands by then:
 * some may have gone already. A message that it fails with alone is dropped, so that nobody else's waits for it.
 */
export const workInParts = async (
  postgres: Postgres,
  turn: Turn,
  due: readonly MessageRow[],
  work: (due: readonly MessageRow[]) => Promise<void>,
): Promise<void> => {
  try {
    return await work(due)
  } catch (error) {
    if (!isDataError(error) || turn.signal.aborted) throw error
    const left = await readOpen(postgres, turn, due)
    const [only] = left
    if (only === undefined) return
    if (left.length === 1) return drop(postgres, turn, only, reasonOf(error))
    const middle = left.length >>> 1
    await workInParts(postgres, turn, left.slice(0, middle), work)
    await workInParts(postgres, turn, left.slice(middle), work)
  }
}

/** Those that have not been handed over, ended or begun. */
const readOpen = (postgres: Postgres, { workspaceId }: Turn, rows: readonly MessageRow[]) =>
  postgres.inWorkspace(workspaceId, async (tx) => {
    const ids = rows.map(({ messageId }) => messageId)
    const now = await readMessages(tx, workspaceId, ids)
    return now.filter(({ state }) => state === 'planned' || state === 'held' || state === 'rendered')
  })

const drop = (postgres: Postgres, turn: Turn, { messageId, state: from }: MessageRow, reason: string) =>
  postgres.inWorkspace(turn.workspaceId, async (tx) => {
    await checkLease(tx, turn)
    const detail = reason.replaceAll('\0', '')
    const move = { messageId, from, to: 'dropped', reason: 'failed', detail, dueAt: null } as const
    await moveMessages(tx, turn.workspaceId, [move], turn.now)
    const nowhere = brandAs<Position>(0)
    await quarantineItems(tx, turn, { stage: 'messages', position: nowhere }, [
      { kind: 'message', item: messageId, reason },
    ])
  })
