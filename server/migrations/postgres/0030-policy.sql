-- The lock of a person: whoever hands a message over or changes what she allows holds this row. Made on demand; stays with her.
create table person_policy (
  workspace_id uuid not null,
  person_id uuid not null,
  primary key (workspace_id, person_id)
);

-- The workspace's own policy. Held for share while messages are handed over, so that a change holds from its answer on.
create table policy_setting (
  workspace_id uuid primary key,
  settings jsonb not null default '{}',
  updated_at bigint not null,
  updated_by text not null
);

-- What she said, when, where and in which words. Every statement is kept; the newest of a subject and purpose counts.
create table consent (
  workspace_id uuid not null,
  subject_id uuid not null,
  purpose text not null,
  at bigint not null,
  consent_id uuid not null,
  given boolean not null,
  source text not null,
  wording text not null,
  expires_at bigint,
  primary key (workspace_id, subject_id, purpose, at, consent_id)
);

create table preference (
  workspace_id uuid not null,
  subject_id uuid not null,
  topics_off text[] not null,
  channels_off text[] not null,
  unsubscribed_all boolean not null,
  paused_until bigint,
  weekly_limit integer,
  updated_at bigint not null,
  primary key (workspace_id, subject_id)
);

-- address '' is every address of hers.
create table suppression (
  workspace_id uuid not null,
  subject_id uuid not null,
  reason text not null,
  address text not null,
  detail text not null,
  at bigint not null,
  primary key (workspace_id, subject_id, reason, address)
);

-- Hand-overs as the caps count them, ours and those other systems report. Rows leave when no cap's window reaches them.
create table contact_count (
  workspace_id uuid not null,
  subject_id uuid not null,
  at bigint not null,
  contact_id uuid not null,
  channel text not null,
  topic text not null,
  phase text not null,
  purpose text not null,
  primary key (workspace_id, subject_id, at, contact_id)
);
create index contact_count_age on contact_count (workspace_id, at);

-- Complaints and tickets of hers that are not solved; service comes first while one is open. Rows leave a year after they were closed.
create table open_issue (
  workspace_id uuid not null,
  subject_id uuid not null,
  issue text not null,
  opened_at bigint,
  closed_at bigint,
  primary key (workspace_id, subject_id, issue)
);

call declare_workspace_table('person_policy');
call declare_workspace_table('policy_setting');
call declare_workspace_table('consent');
call declare_workspace_table('preference');
call declare_workspace_table('suppression');
call declare_workspace_table('contact_count');
call declare_workspace_table('open_issue');
