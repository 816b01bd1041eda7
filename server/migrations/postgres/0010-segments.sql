-- Every rule of a workspace in every version. `slot` is the version's bit in everybody's mask while it is counting or live.
-- `definition` is as saved; rules that ask for a changed rule get a new version of the same definition with it.
-- Rows stay: a membership change names its version.
create table rule (
  workspace_id uuid not null,
  rule_key text not null,
  version integer not null,
  rule_id uuid not null,
  owner_kind text not null check (owner_kind in ('segment', 'life-cycle', 'journey')),
  slot integer not null,
  definition jsonb not null,
  -- counting: everybody is being looked at; live: members are by this version; retiring: its members are to leave.
  state text not null check (state in ('counting', 'live', 'retiring', 'retired')),
  created_at bigint not null,
  live_at bigint,
  retired_at bigint,
  primary key (workspace_id, rule_key, version)
);
create unique index rule_slot on rule (workspace_id, slot) where state <> 'retired';
create unique index rule_live on rule (workspace_id, rule_key) where state = 'live';
create unique index rule_counting on rule (workspace_id, rule_key) where state = 'counting';

-- A rule that people named. Deleted ones stay, so that history can be read.
create table segment (
  workspace_id uuid not null,
  segment_id uuid not null,
  name text not null,
  description text not null,
  definition jsonb not null,
  created_at bigint not null,
  updated_at bigint not null,
  deleted_at bigint,
  primary key (workspace_id, segment_id)
);
create unique index segment_name on segment (workspace_id, lower(name)) where deleted_at is null;

-- One row a workspace: its newest tick. It is sealed here with the new masks and the positions it reached, then written to
-- ClickHouse, then applied: masks null and the stage's positions moved. `recount` says how far a full recomputation has
-- come (null when none is under way). One row a workspace, for good.
create table segment_tick (
  workspace_id uuid primary key,
  number bigint not null,
  now bigint not null,
  due_through bigint not null,
  live_position bigint not null,
  bulk_position bigint not null,
  handled bigint not null,
  masks bytea,
  recount jsonb
);

-- Who came in and who left, in the order it became known. Append only. Rows of a tick above `segment_tick.number` are
-- not to be read yet. Rows leave with their workspace.
create table membership_change (
  workspace_id uuid not null,
  seq bigint not null generated always as identity,
  tick bigint not null,
  position bigint not null,
  rule_key text not null,
  version integer not null,
  person_id uuid not null,
  entered boolean not null,
  at bigint not null,
  known_at bigint not null,
  cause text not null check (cause in ('behaviour', 'time', 'rule-changed', 'merged')),
  evidence jsonb not null,
  primary key (workspace_id, seq)
);
create index membership_change_person on membership_change (workspace_id, person_id, seq desc);
create index membership_change_rule on membership_change (workspace_id, rule_key, seq desc);

call declare_workspace_table('rule');
call declare_workspace_table('segment');
call declare_workspace_table('segment_tick');
call declare_workspace_table('membership_change');
