-- The tracks and states of a workspace, in every version; the highest is in force. Rows stay.
create table life_cycle_definition (
  workspace_id uuid not null,
  version integer not null,
  definition jsonb not null,
  created_at bigint not null,
  created_by text not null,
  primary key (workspace_id, version)
);

-- Where everybody stands: one row a person and track. `until`: when her grace time (or the time of a state that comes
-- after another) ends; `at_risk` tells the first from the second. Leaves with the person.
create table life_cycle_state (
  workspace_id uuid not null,
  person_id uuid not null,
  track text not null,
  state text not null,
  since bigint not null,
  until bigint,
  at_risk boolean not null default false,
  primary key (workspace_id, person_id, track)
);
create index life_cycle_state_list on life_cycle_state (workspace_id, track, state, person_id);
create index life_cycle_state_until on life_cycle_state (workspace_id, until) where until is not null;

-- People by state, kept by every move in its own transaction.
create table life_cycle_count (
  workspace_id uuid not null,
  track text not null,
  state text not null,
  people bigint not null,
  at_risk bigint not null,
  primary key (workspace_id, track, state)
);

-- Who moved from where to where, and why. `from_state` null: she was not known before; `to_state` null: she was merged
-- into another. Kept.
create table life_cycle_move (
  workspace_id uuid not null,
  seq bigint not null generated always as identity,
  tick bigint not null,
  person_id uuid not null,
  track text not null,
  from_state text,
  to_state text,
  at bigint not null,
  known_at bigint not null,
  cause text not null check (cause in ('behaviour', 'time', 'rule-changed', 'merged')),
  evidence jsonb not null,
  primary key (workspace_id, seq)
);
create index life_cycle_move_person on life_cycle_move (workspace_id, person_id, track, seq desc);
create index life_cycle_move_at on life_cycle_move (workspace_id, track, at);

call declare_workspace_table('life_cycle_definition');
call declare_workspace_table('life_cycle_state');
call declare_workspace_table('life_cycle_count');
call declare_workspace_table('life_cycle_move');
