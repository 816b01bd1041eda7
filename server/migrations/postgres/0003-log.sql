-- Acknowledged means: in here. One row a flush, one flush a transaction, so a position names one batch.
-- Partitions of a day; they leave after the workspace's log retention (default: kept).
create table log_batch (
  workspace_id uuid not null,
  position bigint not null default baton_position(),
  lane text not null check (lane in ('live', 'bulk')),
  stored_on date not null,
  received_at bigint not null,
  event_count integer not null,
  payload bytea not null,
  primary key (workspace_id, position, stored_on)
) partition by range (stored_on);
alter table log_batch alter column payload set storage external;
create table log_batch_other partition of log_batch default;

-- Where work is waiting, for the workers: no payload, no personal data. Rows leave, once a day, when the
-- people stage has passed them.
create table log_entry (
  position bigint primary key default baton_position(),
  workspace_id uuid not null,
  lane text not null,
  event_count integer not null,
  received_at bigint not null
);

-- What became of each event of a batch: 17 bytes an event (verdict, subject). Leaves with its batch.
create table log_verdict (
  workspace_id uuid not null,
  position bigint not null,
  stored_on date not null,
  verdicts bytea not null,
  primary key (workspace_id, position, stored_on)
) partition by range (stored_on);
create table log_verdict_other partition of log_verdict default;

-- An event that breaks its contract: kept with the reason, not lost. Rows leave after 90 days.
create table quarantined_event (
  workspace_id uuid not null,
  position bigint not null,
  event_index integer not null,
  received_at bigint not null,
  reason text not null,
  detail text not null,
  event bytea not null,
  primary key (workspace_id, position, event_index)
);

-- Message ids seen in the last 30 days, as 16-byte hashes of (workspace, message id), in weekly generations;
-- a generation is dropped when it is 30 days old.
create table dedup_key (
  generation integer not null,
  key uuid not null,
  primary key (generation, key)
) partition by list (generation);
create table dedup_key_other partition of dedup_key default;

-- The app role owns no table; these two make and drop partitions for it.
create function ensure_partitions(today date) returns void language plpgsql security definer set search_path from current as $$
declare
  day date;
  generation integer;
begin
  for day in select generate_series(today - 1, today + 2, interval '1 day')::date loop
    if to_regclass('log_batch_' || to_char(day, 'YYYYMMDD')) is null then
      execute format('create table log_batch_%s partition of log_batch for values from (%L) to (%L)', to_char(day, 'YYYYMMDD'), day, day + 1);
      execute format('create table log_verdict_%s partition of log_verdict for values from (%L) to (%L)', to_char(day, 'YYYYMMDD'), day, day + 1);
    end if;
  end loop;
  for generation in select generate_series((today - date '2000-01-03') / 7, (today + 3 - date '2000-01-03') / 7) loop
    if to_regclass('dedup_key_' || generation) is null then
      execute format('create table dedup_key_%s partition of dedup_key for values in (%s) with (autovacuum_enabled = off)', generation, generation);
    end if;
  end loop;
end $$;

create function drop_dedup_generations(before integer) returns integer language plpgsql security definer set search_path from current as $$
declare
  part text;
  dropped integer := 0;
begin
  for part in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'dedup_key'::regclass and c.relname ~ '^dedup_key_[0-9]+$' loop
    if substring(part from '[0-9]+$')::integer < before then
      execute format('drop table %I', part);
      dropped := dropped + 1;
    end if;
  end loop;
  return dropped;
end $$;

call declare_workspace_table('log_batch');
call declare_global_table('log_entry');
call declare_workspace_table('log_verdict');
call declare_workspace_table('quarantined_event');
call declare_global_table('dedup_key');
