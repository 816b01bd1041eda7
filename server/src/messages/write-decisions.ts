import type { Instant, MessageId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { Decided } from './decide-messages.ts'
import { insertDecisions, moveMessages, postpone } from './ledger-store.ts'
import type { Move } from './message-row.ts'

/** What a decision that is not "send" does to its message; null: it only waits on for the reason it already had. */
const moveOf = ({ message, decision }: Decided): Move | null => {
  if (decision.kind === 'send') return null
  const { messageId, state: from } = message
  const { reason, sentence: detail } = decision
  if (decision.kind === 'hold') {
    if (from === 'held' && message.reason === reason) return null
    return { messageId, from, to: 'held', reason, detail, dueAt: decision.until }
  }
  return { messageId, from, to: reason === 'expired' ? 'expired' : 'dropped', reason, detail, dueAt: null }
}

/** Writes holds and drops with their decisions; a hold repeated for the same reason is one line of the ledger. */
export const writeRefusals = async (tx: Tx, workspaceId: WorkspaceId, decided: readonly Decided[], now: Instant) => {
  const moves: Move[] = []
  const waiting: { messageId: MessageId; dueAt: Instant }[] = []
  for (const one of decided) {
    const move = moveOf(one)
    if (move) moves.push(move)
    else if (one.decision.kind === 'hold') waiting.push({ messageId: one.message.messageId, dueAt: one.decision.until })
  }
  const moved = await moveMessages(tx, workspaceId, moves, now)
  await insertDecisions(
    tx,
    workspaceId,
    decided
      .filter(({ message }) => moved.has(message.messageId))
      .map(({ message: { messageId }, decision }) => ({ messageId, decision })),
    now,
  )
  await postpone(tx, workspaceId, waiting)
}
