import { sql } from 'kysely'
import { type Instant, idOf, type MessageId, type RunId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { Decision } from '../policy/index.ts'
import type { Tx } from '../stores/index.ts'
import { mayHaveGone } from './doubt-store.ts'
import type { MessageIntent, MessageRow, Move } from './message-row.ts'

export const messageIdOf = (
  one: Pick<MessageIntent, 'workspaceId' | 'runId' | 'stepId' | 'instance' | 'channel'>,
): MessageId => idOf<MessageId>('message', one.workspaceId, one.runId, one.stepId, String(one.instance), one.channel)

/** Inserts what is not there yet, each with its first transition. */
export const insertPlanned = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  intents: readonly MessageIntent[],
): Promise<number> => {
  const of = <K extends keyof MessageIntent>(name: K) => intents.map((one) => one[name])
  const { rows } = await sql`
    with planned as (
      insert into message (workspace_id, message_id, subject_id, run_id, step_id, instance, channel, journey_id,
        journey_version, template_id, topic, purpose, phase, planned_at, deadline_at, entry_event, state, due_at, changed_at,
        owed_at)
      select ${workspaceId}, m.message_id, m.subject_id, m.run_id, m.step_id, m.instance, m.channel, m.journey_id,
        m.version, m.template_id, m.topic, m.purpose, m.phase, m.planned_at, m.deadline_at, m.entry_event, 'planned',
        m.planned_at, m.planned_at, case when m.began_at >= d.since then m.planned_at - greatest(0, m.began_at - m.occurred_at) end
      from unnest(${intents.map(messageIdOf)}::uuid[], ${of('subjectId')}::uuid[], ${of('runId')}::uuid[],
        ${of('stepId')}::text[], ${of('instance')}::integer[], ${of('channel')}::text[], ${of('journeyId')}::uuid[],
        ${of('version')}::integer[], ${of('templateId')}::uuid[], ${of('topic')}::text[], ${of('purpose')}::text[],
        ${of('phase')}::text[], ${of('plannedAt')}::bigint[], ${of('deadlineAt')}::bigint[],
        ${intents.map((one) => JSON.stringify(one.entryEvent))}::jsonb[], ${intents.map(({ began }) => began.at)}::bigint[],
        ${intents.map(({ began }) => began.occurredAt)}::bigint[])
        as m(message_id, subject_id, run_id, step_id, instance, channel, journey_id, version, template_id, topic, purpose,
          phase, planned_at, deadline_at, entry_event, began_at, occurred_at)
      left join restore_doubt d on d.workspace_id = ${workspaceId}
      on conflict do nothing
      returning message_id, planned_at)
    insert into message_transition (workspace_id, message_id, sequence, at, from_state, to_state, reason, detail)
    select ${workspaceId}, message_id, 1, planned_at, null, 'planned', null, '' from planned
    returning 1`.execute(tx)
  return rows.length
}

const columns = sql.raw(
  `message_id as "messageId", subject_id as "subjectId", run_id as "runId", journey_id as "journeyId", step_id as "stepId",
   channel, template_id as "templateId", topic, purpose, phase, state, reason, deadline_at as "deadlineAt",
   entry_event as "entryEvent", attempts, address, title, carrier`,
)

export interface DueRow extends MessageRow {
  readonly plannedAt: Instant
  readonly dueAt: Instant
  /** This is a restored copy, and what it was made from may have handed it over. */
  readonly mayHaveGone: boolean
}

export const readDue = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  now: Instant,
  limit: number,
): Promise<readonly DueRow[]> => {
  const { rows } = await sql<DueRow>`
    select ${columns}, planned_at as "plannedAt", due_at as "dueAt", ${mayHaveGone} as "mayHaveGone" from message m
    where workspace_id = ${workspaceId} and due_at <= ${now}
    order by due_at, message_id limit ${limit}`.execute(tx)
  return rows
}

export const nextDue = async (tx: Tx, workspaceId: WorkspaceId): Promise<Instant | null> => {
  const { rows } = await sql<{ due: Instant | null }>`
    select min(due_at) as due from message where workspace_id = ${workspaceId} and due_at is not null`.execute(tx)
  return rows[0]?.due ?? null
}

export const readMessages = async (tx: Tx, workspaceId: WorkspaceId, messageIds: readonly MessageId[]) => {
  const { rows } = await sql<MessageRow>`
    select ${columns} from message
    where workspace_id = ${workspaceId} and message_id = any(${messageIds}::uuid[])`.execute(tx)
  return rows
}

/** Makes those moves whose message is still where they start, and answers which. */
export const moveMessages = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  moves: readonly Move[],
  at: Instant,
): Promise<ReadonlySet<MessageId>> => {
  if (moves.length === 0) return new Set()
  const { rows } = await sql<{ messageId: MessageId }>`
    with wanted as (
      select * from unnest(${moves.map((one) => one.messageId)}::uuid[], ${moves.map((one) => one.from)}::text[],
        ${moves.map((one) => one.to)}::text[], ${moves.map((one) => one.reason)}::text[],
        ${moves.map((one) => one.detail.slice(0, 500))}::text[], ${moves.map((one) => one.dueAt)}::bigint[])
        as w(message_id, from_state, to_state, reason, detail, due_at)),
    moved as (
      update message m set state = w.to_state, reason = w.reason, due_at = w.due_at, changed_at = ${at}
      from wanted w
      where m.workspace_id = ${workspaceId} and m.message_id = w.message_id and m.state = w.from_state
      returning m.message_id, w.from_state, w.to_state, w.reason, w.detail),
    written as (
      insert into message_transition (workspace_id, message_id, sequence, at, from_state, to_state, reason, detail)
      select ${workspaceId}, message_id,
        1 + (select max(t.sequence) from message_transition t
             where t.workspace_id = ${workspaceId} and t.message_id = moved.message_id),
        ${at}, from_state, to_state, reason, detail
      from moved)
    select message_id as "messageId" from moved`.execute(tx)
  return new Set(rows.map(({ messageId }) => messageId))
}

/** A hold for the reason it already has: only looked at later. */
export const postpone = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  rows: readonly { readonly messageId: MessageId; readonly dueAt: Instant }[],
) => {
  if (rows.length === 0) return
  await sql`
    update message m set due_at = w.due_at
    from unnest(${rows.map((one) => one.messageId)}::uuid[], ${rows.map((one) => one.dueAt)}::bigint[]) as w(message_id, due_at)
    where m.workspace_id = ${workspaceId} and m.message_id = w.message_id and m.state = 'held'`.execute(tx)
}

export const insertDecisions = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  decisions: readonly { readonly messageId: MessageId; readonly decision: Decision }[],
  at: Instant,
) => {
  if (decisions.length === 0) return
  const of = <T>(read: (decision: Decision) => T) => decisions.map(({ decision }) => read(decision))
  await sql`
    insert into message_decision (workspace_id, message_id, sequence, at, outcome, rule, reason, until, inputs, sentence,
      customer_sentence)
    select ${workspaceId}, d.message_id,
      1 + coalesce((select max(p.sequence) from message_decision p
                    where p.workspace_id = ${workspaceId} and p.message_id = d.message_id), 0),
      ${at}, d.outcome, d.rule, d.reason, d.until, d.inputs, d.sentence, d.customer_sentence
    from unnest(${decisions.map(({ messageId }) => messageId)}::uuid[], ${of((one) => one.kind)}::text[],
      ${of((one) => one.rule)}::text[], ${of((one) => (one.kind === 'send' ? null : one.reason))}::text[],
      ${of((one) => (one.kind === 'hold' ? one.until : null))}::bigint[],
      ${of((one) => JSON.stringify(one.inputs))}::jsonb[], ${of((one) => one.sentence)}::text[],
      ${of((one) => one.customerSentence)}::text[])
      as d(message_id, outcome, rule, reason, until, inputs, sentence, customer_sentence)`.execute(tx)
}

/** The messages of a run that have not begun to be handed over. */
export const readWaitingOfRun = async (tx: Tx, workspaceId: WorkspaceId, runId: RunId) => {
  const { rows } = await sql<Pick<MessageRow, 'messageId' | 'state'> & { readonly subjectId: SubjectId }>`
    select message_id as "messageId", state, subject_id as "subjectId" from message
    where workspace_id = ${workspaceId} and run_id = ${runId} and state in ('planned', 'held', 'rendered')`.execute(tx)
  return rows
}
