import type { MessageDecision, MessageSummary } from '@baton/contract'
import { brandAs, type Instant, type MessageId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { readContents } from './intent-store.ts'
import { listMessages, readDecisionsOf } from './message-list-store.ts'

/** A message as it is given to the person it was for: what it said, what became of it, and why. */
export interface MessageData extends MessageSummary {
  readonly decisions: readonly MessageDecision[]
  readonly html: string | null
  readonly text: string | null
}

const messagesAtOnce = 100

/** All messages to a person, newest first. */
export async function* readMessageData(
  postgres: Postgres,
  workspaceId: WorkspaceId,
  subjects: readonly SubjectId[],
): AsyncGenerator<MessageData> {
  for (let before: readonly [Instant, string] | null = null; ; ) {
    const query = { subjects, before, limit: messagesAtOnce, state: undefined, reason: undefined, journeyId: undefined }
    const { page, isLast }: { page: readonly MessageData[]; isLast: boolean } = await postgres.inWorkspace(
      workspaceId,
      async (tx) => {
        const rows = await listMessages(tx, workspaceId, query)
        const wanted = rows.slice(0, messagesAtOnce)
        const ids = wanted.map(({ messageId }) => brandAs<MessageId>(messageId))
        const contents = await readContents(tx, workspaceId, ids)
        const decisions = Map.groupBy(await readDecisionsOf(tx, workspaceId, ids), ({ messageId }) => messageId)
        const described = wanted.map((row, index) => {
          const content = contents.get(ids[index] ?? brandAs<MessageId>(row.messageId))
          const why = (decisions.get(row.messageId) ?? []).map(({ messageId: _, ...decision }) => decision)
          return { ...row, decisions: why, html: content?.html ?? null, text: content?.text ?? null }
        })
        return { page: described, isLast: rows.length <= messagesAtOnce }
      },
    )
    yield* page
    const last = page.at(-1)
    if (last === undefined || isLast) return
    before = [last.plannedAt, last.messageId]
  }
}
