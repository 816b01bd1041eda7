-- A tick reads a few thousand people out of millions, so the events of one should lie together: partitions of a year instead of
-- a month (a person's ninety days are in one part, once merged), small granules, small compressed blocks, codecs that
-- are quick to read. Measured at 20 million events, a tick of 5,000 people: 575 ms before, 350 after.
-- `number_texts`: of properties that are texts, those that are plain decimals, as numbers. Empty for events projected before
-- this; `baton rebuild` fills it.
create or replace table event_next (
  workspace_id UUID,
  subject_id UUID,
  occurred_at DateTime64(3, 'UTC') codec(Delta, LZ4),
  received_at DateTime64(3, 'UTC') codec(Delta, ZSTD(1)),
  type LowCardinality(String),
  name LowCardinality(String),
  message_id String,
  historic Bool,
  properties JSON(max_dynamic_paths = 256),
  number_texts JSON(max_dynamic_paths = 64),
  context JSON(max_dynamic_paths = 64),
  batch UInt64 codec(Delta, LZ4),
  position UInt64 codec(Delta, ZSTD(1)),
  index batch_range batch type minmax granularity 64
) engine = MergeTree
partition by toYear(received_at)
order by (workspace_id, subject_id, occurred_at)
settings index_granularity = 256, min_compress_block_size = 8192, max_compress_block_size = 32768,
  non_replicated_deduplication_window = 1000
as select workspace_id, subject_id, occurred_at, received_at, type, name, message_id, historic, properties,
  '{}'::JSON(max_dynamic_paths = 64) as number_texts, context, batch, position from event;

drop table if exists event_by_month;

rename table event to event_by_month, event_next to event;

drop table event_by_month;
