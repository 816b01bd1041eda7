import { availableParallelism, totalmem } from 'node:os'

export type PoolName = 'project' | 'tick' | 'serve' | 'long'

export interface PoolPlan {
  readonly connections: number
  readonly queue: number
  readonly settings: ReadonlyMap<string, string>
  /** Answers go out block by block instead of whole. */
  readonly streams: boolean
}

/**
 * Settings every connection begins with. Text that looks like a date stays text in JSON columns; a SET that carries a
 * long list as a parameter must fit `max_query_size`.
 */
const everywhere: ReadonlyArray<readonly [string, string]> = [
  ['input_format_try_infer_dates', '0'],
  ['input_format_try_infer_datetimes', '0'],
  ['max_query_size', String(512 * 1024 * 1024)],
  ['output_format_json_quote_64bit_integers', '0'],
]

const plan = (connections: number, maxSeconds: number, streams = false): PoolPlan => ({
  connections,
  queue: 256,
  streams,
  settings: new Map([...everywhere, ['max_execution_time', String(maxSeconds)]]),
})

/** Who waits for whom: a long report never holds a page, a page never holds the projection. */
export const poolPlans: Readonly<Record<PoolName, PoolPlan>> = {
  project: plan(3, 120),
  tick: plan(3, 120),
  serve: plan(6, 30),
  long: plan(3, 1800, true),
}

/** One connection beside the pools: health and cancelling. */
export const controlConnections = 1

/** libuv threads: each connection may hold one; files and DNS need a few more. */
export const threadPoolSize = (): number =>
  Object.values(poolPlans).reduce((sum, { connections }) => sum + connections, controlConnections) + 4

/**
 * The engine's configuration file. With these MergeTree settings a power cut loses no acknowledged row (14 of 14 cuts);
 * they are server-wide, so no table repeats them. Background work is sized for a small machine.
 */
export const engineConfig = (memoryBytes = totalmem(), cores = availableParallelism()): string => {
  const mergeThreads = Math.max(2, Math.min(16, cores))
  const mergeTree: Readonly<Record<string, number>> = {
    fsync_after_insert: 1,
    fsync_part_directory: 1,
    min_rows_to_fsync_after_merge: 1,
    min_compressed_bytes_to_fsync_after_merge: 1,
    old_parts_lifetime: 480,
    // Who looks for them rests for up to five minutes where little happens; an erasure's are to be gone within fifteen.
    max_cleanup_delay_period: 60,
    // Must not exceed the pool (threads × 2) or every CREATE TABLE is refused.
    number_of_free_entries_in_pool_to_execute_mutation: mergeThreads,
    number_of_free_entries_in_pool_to_lower_max_size_of_merge: mergeThreads,
    number_of_free_entries_in_pool_to_execute_optimize_entire_partition: mergeThreads,
  }
  const server: Readonly<Record<string, string | number>> = {
    timezone: 'UTC',
    max_server_memory_usage: Math.round(memoryBytes * 0.6),
    mark_cache_size: Math.round(memoryBytes * 0.05),
    background_pool_size: mergeThreads,
    background_schedule_pool_size: 4,
    background_common_pool_size: 2,
    background_fetches_pool_size: 1,
    background_move_pool_size: 1,
  }
  const xml = (entries: Readonly<Record<string, string | number>>): string =>
    Object.entries(entries)
      .map(([name, value]) => `    <${name}>${value}</${name}>`)
      .join('\n')
  return `<clickhouse>\n${xml(server)}\n  <merge_tree>\n${xml(mergeTree)}\n  </merge_tree>\n</clickhouse>\n`
}
