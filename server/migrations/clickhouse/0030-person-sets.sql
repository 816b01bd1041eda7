-- Whom a query is about, when they are many: ids written into its text are planned again and again (5,000 of them: 200 ms).
-- A set is written before its query and read by it alone. Sets leave with their hour, an hour later (machine time).
create table person_set (
  workspace_id UUID,
  set_id UUID,
  person_id UUID,
  made_at DateTime('UTC') default now()
) engine = MergeTree
partition by toStartOfHour(made_at)
order by (workspace_id, set_id, person_id)
ttl made_at + interval 1 hour
settings index_granularity = 1024, ttl_only_drop_parts = 1, fsync_after_insert = 0, fsync_part_directory = 0,
  min_rows_to_fsync_after_merge = 0, min_compressed_bytes_to_fsync_after_merge = 0;
