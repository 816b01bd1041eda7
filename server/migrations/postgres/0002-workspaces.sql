create table workspace (
  workspace_id uuid primary key,
  name text not null,
  currency text not null,
  time_zone text not null,
  is_sample boolean not null default false,
  -- Domain clock: null runs with the machine; else it stands at this instant (sample history, simulation).
  clock_at bigint,
  settings jsonb not null default '{}',
  created_at bigint not null
);

-- Keys are shown once and kept hashed. A write key may only send events.
create table access_key (
  key_id uuid primary key,
  workspace_id uuid not null references workspace,
  kind text not null check (kind in ('write', 'api')),
  name text not null,
  hash bytea not null unique,
  hint text not null,
  role text not null,
  scope jsonb not null default '{}',
  created_at bigint not null,
  last_used_at bigint,
  revoked_at bigint
);
create index access_key_workspace on access_key (workspace_id);

-- Users, sessions and accounts are the sign-in library's tables (next migration); a member is a user in a workspace.
create table member (
  workspace_id uuid not null references workspace,
  user_id text not null,
  role text not null,
  scope jsonb not null default '{}',
  created_at bigint not null,
  primary key (workspace_id, user_id)
);
create index member_user on member (user_id);

create table invitation (
  invitation_id uuid primary key,
  workspace_id uuid not null references workspace,
  email text not null,
  role text not null,
  scope jsonb not null default '{}',
  token_hash bytea not null unique,
  invited_by text not null,
  created_at bigint not null,
  expires_at bigint not null,
  accepted_at bigint
);

-- Every change that someone made, by whom. Kept.
create table audit_entry (
  workspace_id uuid not null,
  audit_id uuid not null,
  at bigint not null,
  actor text not null,
  action text not null,
  object text not null,
  detail jsonb not null default '{}',
  primary key (workspace_id, audit_id)
);
create index audit_entry_at on audit_entry (workspace_id, at desc);

call declare_global_table('workspace');
call declare_global_table('access_key');
call declare_global_table('member');
call declare_global_table('invitation');
call declare_workspace_table('audit_entry');
