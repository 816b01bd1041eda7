export * from './clickhouse.ts'
export { type EmbeddedClickHouse, startClickHouse } from './start-clickhouse.ts'
