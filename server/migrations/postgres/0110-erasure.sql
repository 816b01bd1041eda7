-- Who asked to be forgotten, and how far that has come. `person_ids` are all ids she ever had here: they are random and
-- lead nowhere once the rest is gone. `identifiers` is what the clearing looks for; it is emptied when that is done.
-- Rows stay: they are the record that it was done, and what a restore of an older backup is held against.
create table erasure (
  workspace_id uuid not null,
  erasure_id uuid not null,
  person_ids uuid[] not null,
  identifiers jsonb not null default '[]',
  -- Under whom her orders and messages go on being counted; emptied when all is done, so that nothing leads there.
  pseudonym uuid,
  -- requested: it stands in nobody's way yet but hers; hidden: nobody finds her; cleared: PostgreSQL has no row of hers;
  -- rewritten: nor has the log; done: nor has ClickHouse, and the space of deleted rows was given back.
  state text not null check (state in ('requested', 'hidden', 'cleared', 'rewritten', 'done')),
  requested_at bigint not null,
  requested_by text not null,
  hidden_at bigint,
  done_at bigint,
  -- The entry of the log that hid her; null where a restore did.
  position bigint,
  -- Events of the bulk lane below this are hers, from before; null while an import from before is under way.
  bulk_until bigint,
  -- How far the log was looked through for her.
  scanned_to bigint not null default 0,
  batches_rewritten bigint not null default 0,
  events_erased bigint not null default 0,
  primary key (workspace_id, erasure_id)
);
create index erasure_pending on erasure (workspace_id, requested_at) where state <> 'done';
create index erasure_listed on erasure (workspace_id, requested_at desc, erasure_id desc);
create index erasure_person on erasure using gin (person_ids);

-- Her identifiers as a keyed hash: what says that a copy made earlier holds her. Stays with its erasure.
create table tombstone (
  workspace_id uuid not null,
  erasure_id uuid not null,
  hash bytea not null,
  primary key (workspace_id, erasure_id, hash)
);

call declare_workspace_table('erasure');
call declare_workspace_table('tombstone');

-- Rows that were deleted or changed leave the files when their table is vacuumed, which the app may do from PostgreSQL 17 on.
do $$
begin
  if current_setting('server_version_num')::integer >= 170000 then
    execute 'grant maintain on all tables in schema ' || quote_ident(current_schema()) || ' to baton_app';
    execute 'alter default privileges in schema ' || quote_ident(current_schema()) || ' grant maintain on tables to baton_app';
  end if;
end $$;
