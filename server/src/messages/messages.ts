import type { MessageBalance, MessageDetail } from '@baton/contract'
import type { Channels } from '../channels/index.ts'
import type { Collect } from '../collect/index.ts'
import type { Content } from '../content/index.ts'
import { notFound } from '../http/index.ts'
import type { Stage } from '../jobs/index.ts'
import { type Clock, dayMs, type MessageId, type RunId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { People, TimelineSource } from '../people/index.ts'
import type { Policy, StandingSource, WorkspaceSource } from '../policy/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { type Confirmations, createConfirmations } from './confirmations.ts'
import { blankMessages, lockNotBegun, movePseudonymous, readPseudonymous } from './erase-store.ts'
import { createFeedbackBook, type FeedbackBook } from './feedback.ts'
import { deleteContentsBefore, readContents } from './intent-store.ts'
import { insertPlanned, moveMessages, readWaitingOfRun } from './ledger-store.ts'
import { createLinks, type Links } from './links.ts'
import { type MessageData, readMessageData } from './message-data.ts'
import {
  countLedger,
  readDecisions,
  readMessage,
  readTimeline,
  readTracking,
  readTransitions,
} from './message-list-store.ts'
import type { MessageIntent } from './message-row.ts'
import { messagesStage } from './messages-stage.ts'
import type { RunLiveness } from './ports.ts'
import { settleDoubt } from './restore-doubt.ts'

export interface MessagesDeps {
  readonly postgres: Postgres
  readonly clock: Clock
  readonly collect: Pick<Collect, 'appendEvents'>
  readonly people: Pick<People, 'get' | 'personsOf'>
  readonly workspaces: WorkspaceSource
  readonly standing: StandingSource
  readonly policy: Policy
  readonly content: Pick<Content, 'render'>
  readonly channels: Pick<Channels, 'carrierOf'>
  readonly liveness: RunLiveness
  readonly publicUrl: string
  /** For signing links. */
  readonly linkKey: Buffer
  readonly batchSize?: number
}

/** The send ledger: what journeys and the hosted form want sent, what became of it and why, and what came back. */
export interface Messages {
  readonly stage: Stage
  /** Inserts rows `planned`, in the caller's transaction; what is there already stays as it is. */
  plan(tx: Tx, intents: readonly MessageIntent[]): Promise<void>
  /** Cancels what has not begun to be handed over, in the caller's transaction; answers how many. */
  cancelForRun(tx: Tx, workspaceId: WorkspaceId, runId: RunId, detail: string): Promise<number>
  /**
   * Cancels what has not begun to be handed over to somebody who is erased, and takes her out of all the rest; in the
   * caller's transaction, which holds her. `ids` are her subjects'. What is being handed over just now is finished first.
   */
  clearErased(
    tx: Tx,
    workspaceId: WorkspaceId,
    erased: { readonly ids: readonly string[]; readonly pseudonym: SubjectId },
  ): Promise<{ readonly messageIds: readonly MessageId[]; readonly isAnyUnderWay: boolean }>
  /** All messages to a person with what they said and why they went or not, newest first. */
  dataOf(workspaceId: WorkspaceId, subjects: readonly SubjectId[]): AsyncIterable<MessageData>
  /** planned = accepted + refused + uncertain + dropped + expired + cancelled + those on their way. */
  balance(workspaceId: WorkspaceId): Promise<MessageBalance>
  detail(workspaceId: WorkspaceId, messageId: MessageId): Promise<MessageDetail>
  /**
   * Of a restored copy that is to send from now on: what the original may have handed over is uncertain, or sent after all.
   * Answers how many. Called again after a crash it goes on.
   */
  settleDoubt(workspaceId: WorkspaceId, sends: boolean): Promise<number>
  /** Lets what was rendered go after 90 days; the ledger stays. */
  tend(workspaceId: WorkspaceId): Promise<void>
  readonly timeline: TimelineSource
  readonly feedback: FeedbackBook
  readonly links: Links
  readonly confirmations: Confirmations
}

const keptDays = 90

export const createMessages = (deps: MessagesDeps): Messages => {
  const { postgres, workspaces } = deps
  const links = createLinks(deps.publicUrl, deps.linkKey)
  const feedback = createFeedbackBook(deps)
  return {
    stage: messagesStage({ ...deps, links, feedback }),
    links,
    feedback,
    confirmations: createConfirmations(deps),
    plan: async (tx, intents) => {
      for (const [workspaceId, ofOne] of Map.groupBy(intents, (one) => one.workspaceId))
        await insertPlanned(tx, workspaceId, ofOne)
    },
    cancelForRun: async (tx, workspaceId, runId, detail) => {
      const waiting = await readWaitingOfRun(tx, workspaceId, runId)
      const now = await workspaces.domainNow(workspaceId)
      const moved = await moveMessages(
        tx,
        workspaceId,
        waiting.map(({ messageId, state }) => ({
          messageId,
          from: state,
          to: 'cancelled',
          reason: 'run-ended',
          detail,
          dueAt: null,
        })),
        now,
      )
      return moved.size
    },
    clearErased: async (tx, workspaceId, { ids, pseudonym }) => {
      const waiting = await lockNotBegun(tx, workspaceId, ids)
      const now = await workspaces.domainNow(workspaceId)
      await moveMessages(
        tx,
        workspaceId,
        waiting.map(({ messageId, state }) => ({
          messageId,
          from: state,
          to: 'cancelled',
          reason: 'erased',
          detail: '',
          dueAt: null,
        })),
        now,
      )
      await movePseudonymous(tx, workspaceId, ids, pseudonym)
      const all = await readPseudonymous(tx, workspaceId, pseudonym)
      const atRest = all.flatMap(({ messageId, isUnderWay }) => (isUnderWay ? [] : [messageId]))
      await blankMessages(tx, workspaceId, atRest)
      return { messageIds: all.map(({ messageId }) => messageId), isAnyUnderWay: atRest.length < all.length }
    },
    dataOf: (workspaceId, subjects) => readMessageData(postgres, workspaceId, subjects),
    balance: async (workspaceId) => {
      const { states, planned } = await postgres.inWorkspace(workspaceId, (tx) => countLedger(tx, workspaceId), {
        isolation: 'repeatable read',
        readOnly: true,
      })
      const sum = (...wanted: string[]) =>
        states.filter(({ state }) => wanted.includes(state)).reduce((all, { count }) => all + count, 0)
      const dropped = states.filter(({ state }) => state === 'dropped')
      const counted = states.reduce((all, { count }) => all + count, 0)
      return {
        planned,
        accepted: sum('accepted'),
        refused: sum('refused'),
        uncertain: sum('uncertain'),
        dropped: sum('dropped'),
        expired: sum('expired'),
        cancelled: sum('cancelled'),
        onTheirWay: sum('planned', 'held', 'rendered', 'intent'),
        droppedByReason: Object.fromEntries(dropped.map(({ reason, count }) => [reason ?? 'unknown', count])),
        balanced: planned === counted,
      }
    },
    detail: (workspaceId, messageId) =>
      postgres.inWorkspace(workspaceId, async (tx) => {
        const found = await readMessage(tx, workspaceId, messageId)
        if (!found) throw notFound('message')
        const { subjectId: _, ...summary } = found
        const content = (await readContents(tx, workspaceId, [messageId])).get(messageId)
        const tracking = await readTracking(tx, workspaceId, messageId)
        return {
          ...summary,
          decisions: [...(await readDecisions(tx, workspaceId, messageId))],
          transitions: [...(await readTransitions(tx, workspaceId, messageId))],
          tracking: tracking.flatMap(({ at, feedback, detail }) => {
            const kind = trackingKinds.find((one) => feedback === one || feedback.startsWith(`${one}:`))
            return kind ? [{ at, kind, detail: detail ?? '' }] : []
          }),
          html: content?.html ?? null,
          text: content?.text ?? null,
        }
      }),
    settleDoubt: (workspaceId, sends) => settleDoubt(deps, workspaceId, sends),
    tend: async (workspaceId) => {
      const before = (await workspaces.domainNow(workspaceId)) - keptDays * dayMs
      await postgres.inWorkspace(workspaceId, (tx) => deleteContentsBefore(tx, workspaceId, before))
    },
    timeline: {
      kind: 'message',
      read: async (workspaceId, person, page) => {
        const rows = await postgres.inWorkspace(workspaceId, (tx) =>
          readTimeline(tx, workspaceId, person.subjects, page),
        )
        return rows.map((row) => ({
          id: `message:${row.messageId}`,
          at: row.changedAt,
          kind: 'message' as const,
          title: `Message ${row.state}${row.subject === null ? '' : `: ${row.subject}`}`,
          detail: row.sentence,
          link: `/messages/${row.messageId}`,
          data: { messageId: row.messageId, state: row.state, reason: row.reason, journeyId: row.journeyId },
        }))
      },
    },
  }
}

const trackingKinds = ['open', 'click', 'reply', 'bounce', 'complaint', 'unsubscribe', 'verified', 'consented'] as const
