import { checkLease, type Turn } from '../jobs/index.ts'
import type { Instant, MessageId, WorkspaceId } from '../kernel/index.ts'
import type { Policy, WorkspaceSource } from '../policy/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import {
  countUncertain,
  type DoubtfulRow,
  endDoubt,
  limitDoubt,
  lockDoubt,
  readDoubtful,
  readUncertain,
} from './doubt-store.ts'
import { moveMessages } from './ledger-store.ts'
import type { Move } from './message-row.ts'

/**
 * A restored copy knows nothing of what the original did after the backup. What was due until the copy's sending was
 * confirmed, the original may have handed over: it is uncertain, and not sent again blindly.
 */
export const uncertainSinceBackup = (messageId: MessageId, from: Move['from']): Move => ({
  messageId,
  from,
  to: 'uncertain',
  reason: 'restored',
  detail: 'Due after the backup that this is a copy of; the original may have sent it',
  dueAt: null,
})

const sentAfterAll = (messageId: MessageId, now: Instant): Move => ({
  messageId,
  from: 'uncertain',
  to: 'planned',
  reason: null,
  detail: 'Whoever restored this copy says that the original did not send it',
  dueAt: now,
})

interface DoubtDeps {
  readonly postgres: Postgres
  readonly policy: Pick<Policy, 'countContacts' | 'forgetContacts'>
}

/** In a turn: moves those of these that still wait, unless the doubt ended meanwhile. */
export const setAsideDoubtful = (deps: DoubtDeps, turn: Turn, rows: readonly DoubtfulRow[]): Promise<void> =>
  deps.postgres.inWorkspace(turn.workspaceId, async (tx) => {
    await checkLease(tx, turn)
    if (await lockDoubt(tx, turn.workspaceId)) await setAside(deps, tx, turn.workspaceId, rows, turn.now)
  })

/** She may have it, so it counts in her caps. */
const setAside = async (
  { policy }: DoubtDeps,
  tx: Tx,
  workspaceId: WorkspaceId,
  rows: readonly DoubtfulRow[],
  now: Instant,
): Promise<void> => {
  const moves = rows.map(({ messageId, state }) => uncertainSinceBackup(messageId, state))
  const moved = await moveMessages(tx, workspaceId, moves, now)
  const ours = rows.filter(({ messageId }) => moved.has(messageId))
  await policy.countContacts(
    tx,
    workspaceId,
    ours.map((row) => ({ ...row, contactId: row.messageId, at: row.dueAt })),
  )
}

const atOnce = 1_000

/** The copy sends from now on. `sends`: what the original may have handed over, too. Answers how many there are of those. */
export const settleDoubt = async (
  deps: DoubtDeps & { readonly workspaces: Pick<WorkspaceSource, 'domainNow'> },
  workspaceId: WorkspaceId,
  sends: boolean,
): Promise<number> => {
  const now = await deps.workspaces.domainNow(workspaceId)
  const inParts = async (part: (tx: Tx) => Promise<number>) => {
    for (;;) if ((await deps.postgres.inWorkspace(workspaceId, part)) < atOnce) return
  }
  await deps.postgres.inWorkspace(workspaceId, (tx) => limitDoubt(tx, workspaceId, now))
  await inParts(async (tx) => {
    const rows = await readDoubtful(tx, workspaceId, atOnce)
    await setAside(deps, tx, workspaceId, rows, now)
    return rows.length
  })
  const count = await deps.postgres.inWorkspace(workspaceId, (tx) => countUncertain(tx, workspaceId))
  if (!sends) return count
  // Nothing joins them from here on, and no intent of the original's is left to be looked at.
  await deps.postgres.inWorkspace(workspaceId, (tx) => endDoubt(tx, workspaceId))
  await inParts(async (tx) => {
    const rows = await readUncertain(tx, workspaceId, atOnce)
    const moves = rows.map(({ messageId }) => sentAfterAll(messageId, now))
    await moveMessages(tx, workspaceId, moves, now)
    await deps.policy.forgetContacts(
      tx,
      workspaceId,
      rows.map(({ messageId, subjectId }) => ({ subjectId, contactId: messageId })),
    )
    return rows.length
  })
  return count
}
