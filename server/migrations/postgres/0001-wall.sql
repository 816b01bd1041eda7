-- The wall between workspaces, and what the job kit needs.
-- Every table is declared by one of the two procedures below; a catalogue test fails on one that is not.

create table table_kind (
  name text primary key,
  kind text not null check (kind in ('workspace', 'global'))
);

create function baton_workspace() returns uuid language sql stable as
  $$ select nullif(current_setting('baton.workspace', true), '')::uuid $$;

-- Rows of one workspace, seen only from inside it. Append-only tables are granted by their own migration instead.
create procedure declare_workspace_table(name text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy wall on %I using (workspace_id = baton_workspace()) with check (workspace_id = baton_workspace())', name);
  execute format('grant select, insert, update, delete on %I to baton_app', name);
  insert into table_kind values (name, 'workspace');
end $$;

-- Rows of no one workspace (who may sign in, leases, positions): never personal data of customers.
create procedure declare_global_table(name text) language plpgsql as $$
begin
  execute format('grant select, insert, update, delete on %I to baton_app', name);
  insert into table_kind values (name, 'global');
end $$;

-- A restored copy starts a new epoch: its transaction numbers begin again.
create table log_epoch (
  only_row boolean primary key default true check (only_row),
  epoch bigint not null
);
insert into log_epoch values (true, 0);

-- The position of what this transaction writes: epoch * 2^44 + xid.
create function baton_position() returns bigint language sql volatile as
  $$ select (select epoch from log_epoch) * 17592186044416 + pg_current_xact_id()::text::bigint $$;

-- Everything written below this position is finished, committed or not; above it something may still commit.
create function baton_settled() returns bigint language sql volatile as
  $$ select (select epoch from log_epoch) * 17592186044416 + pg_snapshot_xmin(pg_current_snapshot())::text::bigint $$;

-- One past the newest finished transaction: never goes back, so rows read now can be versioned by it. (Transactions in
-- progress may lie at or above it: to be above everything that has begun, take a position of one's own.)
create function baton_begun() returns bigint language sql volatile as
  $$ select (select epoch from log_epoch) * 17592186044416 + pg_snapshot_xmax(pg_current_snapshot())::text::bigint $$;

-- Who may work at what. Rows stay, one for each (work, workspace): they are few.
create table lease (
  name text primary key,
  holder text not null,
  token bigint not null,
  expires_at bigint not null
);

-- How far each stage has come, by workspace and lane. Rows stay with their workspace.
create table stage_position (
  workspace_id uuid not null,
  stage text not null,
  lane text not null,
  position bigint not null,
  handled bigint not null default 0,
  updated_at bigint not null,
  primary key (workspace_id, stage, lane)
);

-- When a stage has something to do although nothing new arrives (a wait ends, a window closes). One row a stage and workspace.
create table wakeup (
  workspace_id uuid not null,
  stage text not null,
  due_at bigint not null,
  primary key (workspace_id, stage)
);
create index wakeup_due on wakeup (due_at);

-- A batch that a stage could not handle: set aside with its reason, not waited for. Rows leave when it is retried or dismissed.
create table quarantined_batch (
  workspace_id uuid not null,
  stage text not null,
  lane text not null,
  position bigint not null,
  reason text not null,
  at bigint not null,
  primary key (workspace_id, stage, lane, position)
);

call declare_global_table('log_epoch');
call declare_global_table('lease');
call declare_global_table('stage_position');
call declare_global_table('wakeup');
call declare_global_table('quarantined_batch');
call declare_global_table('table_kind');
