-- A subject is minted by the first sighting of an identifier and never changes; person_id says whose it is now.
create table subject (
  workspace_id uuid not null,
  subject_id uuid not null,
  person_id uuid not null,
  first_seen_at bigint not null,
  primary key (workspace_id, subject_id)
);
create index subject_person on subject (workspace_id, person_id);

create table identifier (
  workspace_id uuid not null,
  kind text not null,
  value text not null,
  subject_id uuid not null,
  first_seen_at bigint not null,
  primary key (workspace_id, kind, value)
);
create index identifier_subject on identifier (workspace_id, subject_id);

-- Every change of the map from subjects to persons, with its reason; undone ones say by whom.
create table person_merge (
  workspace_id uuid not null,
  merge_id uuid not null,
  at bigint not null,
  position bigint not null,
  reason text not null,
  winner_person_id uuid not null,
  loser_person_id uuid not null,
  moved_subjects uuid[] not null,
  undone_at bigint,
  undone_by text,
  primary key (workspace_id, merge_id)
);
create index person_merge_winner on person_merge (workspace_id, winner_person_id);
create index person_merge_loser on person_merge (workspace_id, loser_person_id);
create index person_merge_position on person_merge (workspace_id, position);

-- Two known people who share an identifier: not merged, shown. One row a pair and reason.
create table identity_conflict (
  workspace_id uuid not null,
  person_id uuid not null,
  other_person_id uuid not null,
  reason text not null,
  first_at bigint not null,
  primary key (workspace_id, person_id, other_person_id, reason)
);

-- Facts known of a subject: the newest value of each trait with the time it was stated.
create table profile (
  workspace_id uuid not null,
  subject_id uuid not null,
  traits jsonb not null,
  trait_times jsonb not null,
  updated_at bigint not null,
  primary key (workspace_id, subject_id)
);

-- Words by which staff look for a person (lower case, from identifiers and name traits).
create table person_token (
  workspace_id uuid not null,
  token text collate "C" not null,
  person_id uuid not null,
  primary key (workspace_id, token, person_id)
);

-- One row an order, folded by occurredAt and message id from its events; amounts in minor units of its currency.
create table customer_order (
  workspace_id uuid not null,
  order_id text not null,
  subject_id uuid not null,
  ordered_at bigint not null,
  currency text,
  gross_minor bigint not null,
  refunded_minor bigint not null,
  cancelled boolean not null,
  delivered_at bigint,
  facts jsonb not null,
  version bigint not null,
  primary key (workspace_id, order_id)
);
create index customer_order_subject on customer_order (workspace_id, subject_id);

-- A projection batch is sealed (its exact extent) before ClickHouse sees it, and committed after. Committed rows leave after a day.
create table projection_batch (
  workspace_id uuid not null,
  number bigint not null,
  lane text not null,
  from_position bigint not null,
  to_position bigint not null,
  committed boolean not null default false,
  sealed_at bigint not null,
  primary key (workspace_id, number)
);

call declare_workspace_table('subject');
call declare_workspace_table('identifier');
call declare_workspace_table('person_merge');
call declare_workspace_table('identity_conflict');
call declare_workspace_table('profile');
call declare_workspace_table('person_token');
call declare_workspace_table('customer_order');
call declare_workspace_table('projection_batch');
