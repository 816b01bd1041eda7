import type {
  MessageDecision,
  MessageQuery,
  MessageReasonCount,
  MessageSummary,
  MessageTransition,
} from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, MessageId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

const columns = sql.raw(
  `m.message_id as "messageId", s.person_id as "personId", m.journey_id as "journeyId", m.run_id as "runId",
   m.step_id as "stepId", m.template_id as "templateId", m.channel, m.topic, m.purpose, m.phase, m.state, m.reason,
   case when m.state = 'held' then m.due_at end as "heldUntil", m.address as "to", m.title as "subject",
   m.planned_at as "plannedAt", m.deadline_at as "deadlineAt", m.changed_at as "changedAt",
   m.handed_over_at as "handedOverAt", m.opened_at as "openedAt", m.clicked_at as "clickedAt",
   m.replied_at as "repliedAt", m.bounced_at as "bouncedAt"`,
)

/** The reason a message has now; in a time, each it had since: what was held and sent then is counted there, too. */
const withReason = ({ reason, from }: Pick<MessageQuery, 'reason' | 'from'>) => {
  if (reason === undefined) return sql``
  if (from === undefined) return sql`and m.reason = ${reason}`
  return sql`and exists (select from message_transition t
    where t.workspace_id = m.workspace_id and t.message_id = m.message_id and t.reason = ${reason} and t.at >= ${from})`
}

/** Newest planned first. */
export const listMessages = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  query: Pick<MessageQuery, 'state' | 'reason' | 'journeyId' | 'from' | 'limit'> & {
    readonly subjects: readonly SubjectId[] | null
    readonly before: readonly [Instant, string] | null
  },
) => {
  const [at, id] = query.before ?? [Number.MAX_SAFE_INTEGER, 'ffffffff-ffff-ffff-ffff-ffffffffffff']
  const { state, journeyId, subjects, from } = query
  const { rows } = await sql<MessageSummary>`
    select ${columns} from message m join subject s using (workspace_id, subject_id)
    where m.workspace_id = ${workspaceId} and (m.planned_at, m.message_id) < (${at}, ${id}::uuid)
      ${state === undefined ? sql`` : sql`and m.state = ${state}`}
      ${from === undefined ? sql`` : sql`and m.changed_at >= ${from}`}
      ${withReason(query)}
      ${journeyId === undefined ? sql`` : sql`and m.journey_id = ${journeyId}`}
      ${subjects === null ? sql`` : sql`and m.subject_id = any(${subjects}::uuid[])`}
    order by m.planned_at desc, m.message_id desc limit ${query.limit + 1}`.execute(tx)
  return rows
}

export const readMessage = async (tx: Tx, workspaceId: WorkspaceId, messageId: MessageId) => {
  const { rows } = await sql<MessageSummary & { subjectId: SubjectId }>`
    select ${columns}, m.subject_id as "subjectId" from message m join subject s using (workspace_id, subject_id)
    where m.workspace_id = ${workspaceId} and m.message_id = ${messageId}`.execute(tx)
  return rows[0] ?? null
}

export const readDecisions = async (tx: Tx, workspaceId: WorkspaceId, messageId: MessageId) => {
  const { rows } = await sql<MessageDecision>`
    select at, outcome, rule, reason, until, inputs, sentence, customer_sentence as "customerSentence"
    from message_decision where workspace_id = ${workspaceId} and message_id = ${messageId} order by sequence`.execute(
    tx,
  )
  return rows
}

/** The decisions about some messages, of each in order. */
export const readDecisionsOf = async (tx: Tx, workspaceId: WorkspaceId, messageIds: readonly MessageId[]) => {
  const { rows } = await sql<MessageDecision & { messageId: string }>`
    select message_id as "messageId", at, outcome, rule, reason, until, inputs, sentence,
      customer_sentence as "customerSentence"
    from message_decision where workspace_id = ${workspaceId} and message_id = any(${messageIds}::uuid[])
    order by message_id, sequence`.execute(tx)
  return rows
}

export const readTransitions = async (tx: Tx, workspaceId: WorkspaceId, messageId: MessageId) => {
  const { rows } = await sql<MessageTransition>`
    select at, from_state as "from", to_state as "to", reason, detail
    from message_transition where workspace_id = ${workspaceId} and message_id = ${messageId} order by sequence`.execute(
    tx,
  )
  return rows
}

export const readTracking = async (tx: Tx, workspaceId: WorkspaceId, messageId: MessageId) => {
  const { rows } = await sql<{ at: Instant; feedback: string; detail: string | null }>`
    select at, feedback, coalesce(event->'properties'->>'link_url', event->'properties'->>'text',
      event->'properties'->>'detail') as detail
    from message_feedback where workspace_id = ${workspaceId} and message_id = ${messageId} order by at, feedback`.execute(
    tx,
  )
  return rows
}

/** Planned as the transitions tell it, states as the messages tell it: two counts that must agree. */
export const countLedger = async (tx: Tx, workspaceId: WorkspaceId) => {
  const states = await sql<{ state: string; reason: string | null; count: number }>`
    select state, reason, count(*)::int as count from message where workspace_id = ${workspaceId}
    group by state, reason`.execute(tx)
  const planned = await sql<{ count: number }>`
    select count(*)::int as count from message_transition
    where workspace_id = ${workspaceId} and sequence = 1 and from_state is null`.execute(tx)
  return { states: states.rows, planned: planned.rows[0]?.count ?? 0 }
}

/** How often each reason came up in a time; a message held three times for one reason counts once. */
export const countReasons = async (tx: Tx, workspaceId: WorkspaceId, from: Instant, to: Instant) => {
  const { rows } = await sql<MessageReasonCount>`
    select to_state as state, reason, count(distinct message_id)::int as count from message_transition
    where workspace_id = ${workspaceId} and reason is not null and at >= ${from} and at < ${to}
    group by to_state, reason order by count desc, reason`.execute(tx)
  return rows
}

/** Messages of a person that changed before an instant, newest change first; for her timeline. */
export const readTimeline = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  subjects: readonly SubjectId[],
  page: { before: Instant; limit: number },
) => {
  const { rows } = await sql<MessageSummary & { sentence: string | null }>`
    select ${columns},
      (select d.sentence from message_decision d where d.workspace_id = m.workspace_id and d.message_id = m.message_id
       order by d.sequence desc limit 1) as sentence
    from message m join subject s using (workspace_id, subject_id)
    where m.workspace_id = ${workspaceId} and m.subject_id = any(${subjects}::uuid[]) and m.changed_at < ${page.before}
    order by m.changed_at desc, m.message_id desc limit ${page.limit}`.execute(tx)
  return rows
}
