import { encodeBatch } from '../../server/src/collect/frame.ts'
import type { WorkspaceId } from '../../server/src/kernel/index.ts'
import type { TestStores } from '../harness/stores.ts'

/** So many of everything that grows: enough that reading all of it costs more than an index in every plan. */
export const grownTo = 5_000

const now = Date.UTC(2026, 2, 2, 12)
const minuteMs = 60_000
/** One id for each number and kind of thing, the same in every table that names it. */
const idOf = (kind: string) => `uuid_of($1::text || '${kind}' || i)`
const at = `(${now} - i * ${minuteMs})::bigint`
const oneOf = (column: readonly string[]) =>
  `(array[${column.map((each) => `'${each}'`).join(', ')}])[1 + i % ${column.length}]`
const states = ['planned', 'held', 'accepted', 'refused', 'dropped', 'expired', 'cancelled', 'uncertain'] as const

/**
 * The rows of each growing table, as columns of `generate_series(1, n) i`; $1 is the workspace,
 * $2 a journey, $3 a batch of the log with one event. A table that is neither
 * here nor among those that stay small fails the test, so that a new one is thought of.
 */
const growing: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  audit_entry: {
    audit_id: idOf('audit'),
    at,
    actor: `'user:' || i`,
    action: `'segment.saved'`,
    object: `'segment:' || i % 500`,
    detail: `'{}'`,
  },
  consent: {
    subject_id: idOf('person'),
    purpose: `'sell'`,
    at,
    consent_id: idOf('consent'),
    given: 'true',
    source: `'form'`,
  },
  contact_count: {
    subject_id: idOf('person'),
    at,
    contact_id: idOf('contact'),
    channel: `'email'`,
    topic: `'news'`,
    phase: `'contact'`,
    purpose: `'sell'`,
  },
  cost: {
    cost_id: idOf('cost'),
    spent_on: `date '2026-03-02' - (i % 2000)`,
    amount_minor: '100 + i',
    currency: `'EUR'`,
    kind: oneOf(['acquisition', 'servicing']),
    phase: oneOf(['contact', 'consideration', 'purchase']),
    created_at: at,
    created_by: `'test'`,
  },
  customer_order: {
    order_id: `'o-' || i`,
    subject_id: idOf('person'),
    ordered_at: at,
    currency: `'EUR'`,
    gross_minor: '1000 + i',
    refunded_minor: '0',
    cancelled: 'false',
    facts: `'[]'`,
    version: 'i',
  },
  identifier: { kind: `'userId'`, value: `'user-' || i`, subject_id: idOf('person'), first_seen_at: at },
  identity_conflict: {
    person_id: idOf('person'),
    other_person_id: idOf('other'),
    reason: `'shared-browser'`,
    first_at: at,
  },
  journey_run: {
    subject_id: idOf('person'),
    run_id: idOf('run'),
    journey_id: '$2',
    version: '1',
    entry_key: `'cart-' || i`,
    entered_at: at,
    entry: `'{"messageId":"m","name":"Product Added","properties":{}}'`,
    state: `'finished'`,
    ended_at: at,
    step_no: '1',
    step_since: at,
    ask_keys: `'[]'`,
    memory: `'{}'`,
    notes_late: 'false',
    late: '0',
  },
  erasure: {
    erasure_id: idOf('erasure'),
    person_ids: `array[${idOf('person')}]`,
    state: `'done'`,
    requested_at: at,
    requested_by: `'user:ann'`,
  },
  journey_run_goal: {
    subject_id: idOf('person'),
    run_id: idOf('run'),
    message_id: `'goal-' || i`,
    journey_id: '$2',
    at,
    within_ms: '86400000',
  },
  journey_run_late: {
    subject_id: idOf('person'),
    run_id: idOf('run'),
    message_id: `'m-' || i`,
    step_id: `'mail'`,
    event: `'Order Completed'`,
    at,
    missed_at: at,
  },
  journey_run_step: {
    subject_id: idOf('person'),
    run_id: idOf('run'),
    step_no: '1',
    step_id: `'mail'`,
    entered_at: at,
    left_at: at,
    outcome: `'sent'`,
  },
  life_cycle_move: {
    tick: 'i',
    person_id: idOf('person'),
    track: `'identity'`,
    from_state: `'anonymous'`,
    to_state: `'known'`,
    at,
    known_at: at,
    cause: `'behaviour'`,
    evidence: `'{}'`,
  },
  life_cycle_state: {
    person_id: idOf('person'),
    track: `'identity'`,
    state: oneOf(['anonymous', 'known', 'profiled']),
    since: at,
    at_risk: 'i % 7 = 0',
  },
  log_batch: {
    position: 'i + 1000000',
    lane: `'live'`,
    stored_on: `date '2026-03-02' - (i % 5)`,
    received_at: at,
    event_count: '1',
    payload: '$3',
  },
  mailbox_mail: {
    mail_id: idOf('mail'),
    message_id: idOf('message'),
    person_id: idOf('person'),
    at,
    sender: `'shop@toys.example'`,
    recipient: `'user-' || i || '@customers.example'`,
    subject: `'About order ' || i`,
    raw: `'Subject: x'`,
    html: `'<p>x'`,
    text_body: `'x'`,
  },
  membership_change: {
    tick: 'i',
    position: 'i',
    rule_id: `uuid_of('rule' || i % 20)`,
    kind_id: `uuid_of('rule' || i % 20)`,
    person_id: idOf('person'),
    at,
    known_at: at,
  },
  message: {
    message_id: idOf('message'),
    subject_id: idOf('person'),
    run_id: idOf('run'),
    step_id: `'mail'`,
    instance: '0',
    channel: `'email'`,
    journey_id: `case when i % 40 = 0 then $2 else ${idOf('journey')} end`,
    journey_version: '1',
    template_id: idOf('template'),
    topic: `'news'`,
    purpose: `'sell'`,
    phase: `'contact'`,
    planned_at: at,
    deadline_at: at,
    entry_event: `'{}'`,
    state: oneOf(states),
    reason: `case when i % 8 = 4 then 'frequency-cap' end`,
    changed_at: at,
    attempts: '1',
    address: `'user-' || i || '@customers.example'`,
    title: `'News'`,
    begun: 'true',
  },
  message_content: { message_id: idOf('message'), at, html: `'<p>x'`, text_body: `'x'` },
  message_decision: {
    message_id: idOf('message'),
    sequence: '1',
    at,
    outcome: `'send'`,
    rule: `'sendable'`,
    inputs: `'{}'`,
    sentence: `'Sent.'`,
    customer_sentence: `'Sent.'`,
  },
  message_feedback: { message_id: idOf('message'), feedback: `'open'`, at, event: `'{}'`, told: 'true' },
  message_transition: {
    message_id: idOf('message'),
    sequence: '1',
    at,
    from_state: `'planned'`,
    to_state: oneOf(states),
    reason: `case when i % 8 = 4 then 'frequency-cap' end`,
  },
  open_issue: { subject_id: idOf('person'), issue: `'c-' || i`, opened_at: at },
  order_import: {
    import_id: idOf('import'),
    file_name: `'orders.csv'`,
    mapping: `'{"guests":"keep","source":"orders"}'`,
    state: `'stopped'`,
    bytes: '1',
    bytes_read: '1',
    lines_read: '1',
    accepted: '1',
    rejected: '0',
    orders: '1',
    returns: '0',
    cancellations: '0',
    guest_orders: '0',
    customers: '1',
    totals: `'{}'`,
    created_by: `'test'`,
    created_at: at,
    updated_at: at,
  },
  order_import_rejection: {
    import_id: `uuid_of($1::text || 'import' || 1 + i % 50)`,
    line: 'i',
    reason: `'date'`,
    row_text: `'x;y'`,
  },
  parted_subject: { subject_id: idOf('person'), merge_id: idOf('merge'), side: `'kept'` },
  person_merge: {
    merge_id: idOf('merge'),
    at,
    position: 'i',
    reason: `'same e-mail'`,
    winner_person_id: idOf('person'),
    loser_person_id: idOf('other'),
    moved_subjects: `array[${idOf('person')}]`,
  },
  person_policy: { person_id: idOf('person') },
  person_token: { token: `'user-' || i`, person_id: idOf('person') },
  person_value: {
    person_id: idOf('person'),
    figure_id: `uuid_of($1::text || 'figure')`,
    value_minor: 'i',
    p_alive: '.5',
    discounted_purchases: '1',
    expected_spend_minor: '1',
  },
  preference: {
    subject_id: idOf('person'),
    topics_off: `'{}'`,
    channels_off: `'{}'`,
    unsubscribed_all: 'false',
    updated_at: at,
  },
  profile: { subject_id: idOf('person'), traits: `'{"firstName":"Ann"}'`, trait_times: `'{}'`, updated_at: at },
  quarantined_item: {
    stage: `'policy'`,
    lane: `'live'`,
    kind: `'event'`,
    item: `'m-' || i`,
    position: 'i',
    reason: `'no'`,
    at,
  },
  tombstone: { erasure_id: idOf('erasure'), hash: `decode(md5(i::text), 'hex')` },
  quarantined_event: {
    position: 'i + 1000000',
    event_index: '0',
    received_at: at,
    reason: `'bad-time'`,
    detail: `''`,
    event: `'{}'`,
  },
  subject: { subject_id: idOf('person'), person_id: idOf('person'), first_seen_at: at },
  suppression: { subject_id: idOf('person'), reason: `'bounced'`, address: `'user-' || i`, detail: `''`, at },
}

/** What people define by hand, a row for each workspace or process, or short-lived: they may be read whole. */
export const staysSmall: ReadonlySet<string> = new Set(
  `brand_kit channel_setting equity_setting exchange_rate form_answer_count forward_figure journey journey_tally journey_version
   life_cycle_count life_cycle_definition membership_change_kind order_import_line order_import_piece owed_confirmation phase_owner
   policy_setting projection_batch rule sample_shop segment segment_tick segment_version template template_version log_verdict`.split(
    /\s+/,
  ),
)

/** Every workspace table that is in neither list. */
export const unclassified = async (stores: TestStores): Promise<readonly string[]> => {
  const tables = await stores.admin<{ name: string }>(
    `select name from table_kind where kind = 'workspace' order by name`,
  )
  return tables.map(({ name }) => name).filter((name) => !(name in growing) && !staysSmall.has(name))
}

export const growWorkspace = async (stores: TestStores, workspaceId: WorkspaceId, journeyId: string): Promise<void> => {
  const event = { type: 'track', event: 'Order Completed', userId: 'user-1' }
  const payload = encodeBatch([{ head: { source: 'test', call: 'track' }, body: Buffer.from(JSON.stringify(event)) }])
  // A UUID by the letter, which answers are checked for.
  await stores.admin(
    `create or replace function uuid_of(seed text) returns uuid language sql immutable
     return overlay(overlay(md5(seed) placing '4' from 13) placing '8' from 17)::uuid`,
  )
  const literals = (expression: string): string =>
    expression.replaceAll('$2', `'${journeyId}'::uuid`).replaceAll('$3', `'\\x${payload.toString('hex')}'::bytea`)
  for (const [table, columns] of Object.entries(growing)) {
    const all = { ...(await neededBy(stores, table)), ...columns }
    const expressions = literals(Object.values(all).join(', '))
    await stores.admin(
      `insert into "${table}" (workspace_id, ${Object.keys(all).join(', ')}) overriding system value
       select $1::uuid, ${expressions} from generate_series(1, ${grownTo}) i on conflict do nothing`,
      [workspaceId],
    )
  }
}

/** Something for every other column that must not be null. */
const neededBy = async (stores: TestStores, table: string): Promise<Record<string, string>> => {
  const columns = await stores.admin<{ name: string; type: string }>(
    `select attname::text as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attnotnull and not atthasdef
       and attidentity = '' and attgenerated = '' and attname <> 'workspace_id'`,
    [`"${table}"`],
  )
  return Object.fromEntries(columns.map(({ name, type }) => [name, fillerOf(type)]))
}
const fillerOf = (type: string): string => {
  if (type === 'uuid') return `uuid_of('filler' || i)`
  if (type === 'jsonb') return `'{}'`
  if (type === 'boolean') return 'false'
  return type === 'text' || type.endsWith('[]') || type === 'bytea' ? (type === 'text' ? `'x'` : `'{}'`) : '0'
}

/** The id that `growWorkspace` gave to the first thing of a kind. */
export const firstOf = async (stores: TestStores, workspaceId: WorkspaceId, kind: string): Promise<string> => {
  const [row] = await stores.admin<{ id: string }>('select uuid_of($1::text || $2::text || 40) as id', [
    workspaceId,
    kind,
  ])
  return row?.id ?? ''
}

/** Statistics as they are on a server that has run for a day. */
export const analyze = (stores: TestStores): Promise<unknown> => stores.admin('analyze')
