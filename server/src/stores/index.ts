/** The two stores: their drivers, the embedded engines behind them, and migrations. */
export {
  type ClickHouse,
  ClickHouseError,
  type ClickHouseInsert,
  type ClickHousePool,
  type ClickHouseQuery,
  type ClickHouseSettings,
  type ClickHouseWork,
  createClickHouse,
  type RecentQueries,
  startClickHouse,
} from './clickhouse/index.ts'
export { isDataError } from './data-error.ts'
export { type EngineLog, type EngineStatus, type RunningEngine, silentLog } from './engine.ts'
export { migrate } from './migrate.ts'
export { migrationsFolder } from './migration-files.ts'
export { type EngineHealth, type OpenStores, openStores, type Stores } from './open-stores.ts'
export {
  createPostgres,
  notifyAtCommit,
  type Postgres,
  type PostgresConfig,
  plainArray,
  startPostgres,
  type TransactionOptions,
  type Tx,
} from './postgres/index.ts'
