-- A writer of the log gets its number a moment before the lock on that number can be seen. Of such a one 0007 meant to say that
-- it counts as the oldest of all that run, and counted it as the newest: a reader who looked in that moment, with a younger
-- transaction finished already, was told that everything below the younger one is settled, and passed over the batch for ever.
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
    select case
        when locks.transactionid is null then edge.oldest
        when back < 2147483648 then edge.next - back
        else edge.next
      end as number
    from edge cross join writer
    left join locks on locks.pid = writer.pid and locks.locktype = 'transactionid' and locks.mode = 'ExclusiveLock'
    left join lateral (select ((edge.next - locks.transactionid::text::bigint) % 4294967296 + 4294967296) % 4294967296)
      distance(back) on true
  )
  select (select epoch from log_epoch) * 17592186044416 + least((select next from edge), (select min(number) from standing))
$$;
