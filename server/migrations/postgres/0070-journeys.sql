-- A journey and its draft, which may be unfinished. Stays.
create table journey (
  workspace_id uuid not null,
  journey_id uuid not null,
  name text not null,
  status text not null check (status in ('draft', 'live', 'paused', 'stopped')),
  draft jsonb not null,
  -- The version new people enter; null before the first publish.
  version integer,
  -- Counts every change of status or version: a turn that began before it is repeated.
  revision bigint not null default 0,
  created_at bigint not null,
  created_by text not null,
  updated_at bigint not null,
  primary key (workspace_id, journey_id)
);

-- What was published never changes: people inside finish on the version they entered. Stays.
create table journey_version (
  workspace_id uuid not null,
  journey_id uuid not null,
  version integer not null,
  definition jsonb not null,
  published_at bigint not null,
  published_by text not null,
  primary key (workspace_id, journey_id, version)
);

-- One entry of one subject into one version, and where it has come to. Active runs are changed, ended ones are history:
-- they leave with the person (erasure) or the workspace.
create table journey_run (
  workspace_id uuid not null,
  subject_id uuid not null,
  run_id uuid not null,
  journey_id uuid not null,
  version integer not null,
  entry_key text not null,
  entered_at bigint not null,
  entry jsonb not null,
  state text not null check (state in ('active', 'finished', 'exited')),
  reason text,
  ended_at bigint,
  -- While active: the step, since when, and what it waits for.
  step_id text,
  step_no integer not null,
  step_since bigint,
  due_at bigint,
  -- Waits for membership as of this position of the live lane; with the rules it asks about.
  ask_position bigint,
  ask_keys jsonb,
  -- What timed out and what arrived while an answer was pending.
  memory jsonb not null,
  -- An ended run that still notes awaited events that arrive late.
  notes_late boolean not null,
  late integer not null,
  primary key (workspace_id, subject_id, run_id),
  check ((state = 'active') = (ended_at is null)),
  check (state <> 'active' or (due_at is null) <> (ask_position is null))
);
create unique index journey_run_id on journey_run (workspace_id, run_id);
create index journey_run_due on journey_run (workspace_id, due_at) where due_at is not null;
create index journey_run_asking on journey_run (workspace_id, ask_position) where ask_position is not null;
create index journey_run_listed on journey_run (workspace_id, journey_id, entered_at desc, run_id desc);
create index journey_run_entry on journey_run (workspace_id, journey_id, entry_key, subject_id);

-- Each step a run entered, by number; leaves with its run.
create table journey_run_step (
  workspace_id uuid not null,
  subject_id uuid not null,
  run_id uuid not null,
  step_no integer not null,
  step_id text not null,
  entered_at bigint not null,
  left_at bigint,
  outcome text,
  message_id text,
  primary key (workspace_id, subject_id, run_id, step_no)
);

-- Awaited events that came after their wait had timed out; leaves with its run.
create table journey_run_late (
  workspace_id uuid not null,
  subject_id uuid not null,
  run_id uuid not null,
  message_id text not null,
  step_id text not null,
  event text not null,
  at bigint not null,
  missed_at bigint not null,
  primary key (workspace_id, subject_id, run_id, message_id)
);

-- How many runs entered, ended (by reason) and passed each step, kept with every turn. One row a version and measure.
create table journey_tally (
  workspace_id uuid not null,
  journey_id uuid not null,
  version integer not null,
  measure text not null check (measure in ('entered', 'finished', 'exited', 'step-entered', 'step-left')),
  -- The reason, or the step; empty for entered.
  item text not null,
  amount bigint not null,
  primary key (workspace_id, journey_id, version, measure, item)
);

call declare_workspace_table('journey');
call declare_workspace_table('journey_version');
call declare_workspace_table('journey_run');
call declare_workspace_table('journey_run_step');
call declare_workspace_table('journey_run_late');
call declare_workspace_table('journey_tally');
