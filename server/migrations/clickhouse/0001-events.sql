-- What people did: rebuildable from the log. `batch` numbers the sealed projection batch, `position` the log batch.
-- Small granules: a tick reads a few thousand people out of millions.
create table event (
  workspace_id UUID,
  subject_id UUID,
  occurred_at DateTime64(3, 'UTC') codec(Delta, ZSTD(1)),
  received_at DateTime64(3, 'UTC') codec(Delta, ZSTD(1)),
  type LowCardinality(String),
  name LowCardinality(String),
  message_id String,
  historic Bool,
  properties JSON(max_dynamic_paths = 256),
  context JSON(max_dynamic_paths = 64),
  batch UInt64 codec(Delta, ZSTD(1)),
  position UInt64 codec(Delta, ZSTD(1)),
  index batch_range batch type minmax granularity 16
) engine = MergeTree
partition by toYYYYMM(received_at)
order by (workspace_id, subject_id, occurred_at)
settings index_granularity = 1024, non_replicated_deduplication_window = 1000;

-- Who each person is now: one row a person, the highest version wins; `subjects` holds all of hers.
create table person (
  workspace_id UUID,
  person_id UUID,
  subjects Array(UUID),
  identifiers Array(Tuple(kind LowCardinality(String), value String)),
  traits JSON(max_dynamic_paths = 256),
  first_seen_at DateTime64(3, 'UTC'),
  gone Bool,
  version UInt64
) engine = ReplacingMergeTree(version)
order by (workspace_id, person_id)
settings index_granularity = 1024;

-- Only subjects that are not their own person: the map that merges make.
create table subject_person (
  workspace_id UUID,
  subject_id UUID,
  person_id UUID,
  version UInt64
) engine = ReplacingMergeTree(version)
order by (workspace_id, subject_id)
settings index_granularity = 1024;

-- Orders as folded in PostgreSQL; amounts in minor units.
create table customer_order (
  workspace_id UUID,
  order_id String,
  subject_id UUID,
  ordered_at DateTime64(3, 'UTC'),
  currency LowCardinality(String),
  gross_minor Int64,
  refunded_minor Int64,
  cancelled Bool,
  version UInt64
) engine = ReplacingMergeTree(version)
order by (workspace_id, order_id);
