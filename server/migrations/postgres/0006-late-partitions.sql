-- Partitions are made by the worker, at its start and daily. What arrives while none runs (an api alone, a worker that
-- was away for days) stands in the default partition, and a new one for those rows would be refused: they move first.

-- The default partition is locked before its rows are read, so that none arrives between reading and attaching.
create procedure move_into_partition(parent text, child text, bounds text, key_column text, key_value text, options text)
language plpgsql as $$
begin
  if to_regclass(child) is not null then return; end if;
  execute format('lock table %I in access exclusive mode', parent || '_other');
  execute format('create table %I (like %I including defaults including constraints including storage) %s', child, parent, options);
  execute format('with late as (delete from %I where %I = %L returning *) insert into %I select * from late',
    parent || '_other', key_column, key_value, child);
  execute format('alter table %I attach partition %I for values %s', parent, child, bounds);
end $$;

create or replace function ensure_partitions(today date) returns void language plpgsql security definer set search_path from current as $$
declare
  day date;
  generation integer;
begin
  -- Two workers may start at the same instant.
  perform pg_advisory_xact_lock(hashtextextended('ensure_partitions', 0));
  for day in select generate_series(today - 1, today + 2, interval '1 day')::date
    union select distinct stored_on from log_batch_other union select distinct stored_on from log_verdict_other order by 1 loop
    call move_into_partition('log_batch', 'log_batch_' || to_char(day, 'YYYYMMDD'),
      format('from (%L) to (%L)', day, day + 1), 'stored_on', day::text, '');
    call move_into_partition('log_verdict', 'log_verdict_' || to_char(day, 'YYYYMMDD'),
      format('from (%L) to (%L)', day, day + 1), 'stored_on', day::text, '');
  end loop;
  for generation in select generate_series((today - date '2000-01-03') / 7, (today + 3 - date '2000-01-03') / 7)
    union select distinct d.generation from dedup_key_other d order by 1 loop
    call move_into_partition('dedup_key', 'dedup_key_' || generation,
      format('in (%s)', generation), 'generation', generation::text, 'with (autovacuum_enabled = off)');
  end loop;
end $$;
