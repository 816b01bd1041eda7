-- The send ledger: one row a planned message before a byte of it leaves, by (run, step, instance, channel). Kept.
create table message (
  workspace_id uuid not null,
  message_id uuid not null,
  subject_id uuid not null,
  run_id uuid not null,
  step_id text not null,
  instance integer not null,
  channel text not null,
  journey_id uuid not null,
  journey_version integer not null,
  template_id uuid not null,
  topic text not null,
  purpose text not null,
  phase text not null,
  planned_at bigint not null,
  deadline_at bigint not null,
  entry_event jsonb not null,
  state text not null check (state in
    ('planned', 'held', 'rendered', 'intent', 'accepted', 'refused', 'uncertain', 'dropped', 'expired', 'cancelled')),
  reason text,
  -- When to look at it again, domain time; null: nothing more to do.
  due_at bigint,
  changed_at bigint not null,
  attempts integer not null default 0,
  address text,
  title text,
  template_version integer,
  -- Machine time of the intent, the fencing token of who wrote it, and the flag that is set before the first byte may leave.
  intent_at bigint,
  intent_token bigint,
  begun boolean not null default false,
  carrier text,
  handed_over_at bigint,
  opened_at bigint,
  clicked_at bigint,
  replied_at bigint,
  bounced_at bigint,
  primary key (workspace_id, message_id),
  unique (workspace_id, run_id, step_id, instance, channel)
);
create index message_due on message (workspace_id, due_at) where due_at is not null;
create index message_intent on message (workspace_id, intent_at) where state = 'intent';
create index message_subject on message (workspace_id, subject_id);
create index message_journey on message (workspace_id, journey_id, step_id, state);
create index message_newest on message (workspace_id, planned_at desc, message_id desc);
create index message_state on message (workspace_id, state, reason);

-- Every change of state. Kept as long as its message.
create table message_transition (
  workspace_id uuid not null,
  message_id uuid not null,
  sequence integer not null,
  at bigint not null,
  from_state text,
  to_state text not null,
  reason text,
  detail text not null,
  primary key (workspace_id, message_id, sequence)
);
create index message_transition_reason on message_transition (workspace_id, at) where reason is not null;

-- The decision ledger: which rule, which inputs. A hold repeated for the same reason is one row. Kept as long as its message.
create table message_decision (
  workspace_id uuid not null,
  message_id uuid not null,
  sequence integer not null,
  at bigint not null,
  outcome text not null,
  rule text not null,
  reason text,
  until bigint,
  inputs jsonb not null,
  sentence text not null,
  customer_sentence text not null,
  primary key (workspace_id, message_id, sequence)
);

-- What was rendered. Rows leave after 90 days.
create table message_content (
  workspace_id uuid not null,
  message_id uuid not null,
  at bigint not null,
  html text not null,
  text_body text not null,
  primary key (workspace_id, message_id)
);
create index message_content_age on message_content (workspace_id, at);

-- What came back, and the events that are owed to the log for it. `told` once its event is there. Kept as long as its message.
create table message_feedback (
  workspace_id uuid not null,
  message_id uuid not null,
  feedback text not null,
  at bigint not null,
  event jsonb not null,
  told boolean not null default false,
  primary key (workspace_id, message_id, feedback)
);
create index message_feedback_owed on message_feedback (workspace_id) where not told;

call declare_workspace_table('message');
call declare_workspace_table('message_transition');
call declare_workspace_table('message_decision');
call declare_workspace_table('message_content');
call declare_workspace_table('message_feedback');
