export * from './clickhouse.ts'
export type { RecentQueries } from './recent-queries.ts'
export { type EmbeddedClickHouse, startClickHouse } from './start-clickhouse.ts'
