-- Who may hold readers of the log back: writers of the log, and nobody else. Before, every transaction of the whole server
-- that had taken a number did: a long tick, an import, another program's database on the same server.

-- Announces a writer of the log and gives its position. The lock comes before the number and is held to the end: so whoever
-- has a number below a snapshot's end and may still write to the log stands in pg_locks.
create function baton_begin_log_write() returns bigint language plpgsql volatile as $$
begin
  lock table log_entry in row exclusive mode;
  return baton_position();
end $$;

-- Everything written to the log below this position is finished, committed or not; above it something may still commit.
-- The snapshot is taken first, then the locks are read. A writer below the snapshot's end is seen among them, or it has
-- finished. One whose number is not seen (between lock and number, between end and release) counts as the oldest of
-- all that run. The list has the lower 32 bits of numbers; none is 2^31 away from the snapshot's end.
create or replace function baton_settled() returns bigint language sql volatile as $$
  with edge as materialized (
    select pg_snapshot_xmin(snapshot)::text::bigint as oldest, pg_snapshot_xmax(snapshot)::text::bigint as next
    from pg_current_snapshot() snapshot
  ),
  locks as materialized (select pid, locktype, database, relation, mode, transactionid from pg_locks),
  writer as (
    select distinct pid from locks
    where locktype = 'relation' and relation = 'log_entry'::regclass and mode = 'RowExclusiveLock'
      and database = (select oid from pg_database where datname = current_database())
  ),
  standing as (
    select coalesce(min(case when back < 2147483648 then edge.next - back else edge.next end), min(edge.oldest)) as number
    from edge cross join writer
    left join locks on locks.pid = writer.pid and locks.locktype = 'transactionid' and locks.mode = 'ExclusiveLock'
    left join lateral (select ((edge.next - locks.transactionid::text::bigint) % 4294967296 + 4294967296) % 4294967296)
      distance(back) on locks.transactionid is not null
    group by writer.pid
  )
  select (select epoch from log_epoch) * 17592186044416 + least((select next from edge), (select min(number) from standing))
$$;
