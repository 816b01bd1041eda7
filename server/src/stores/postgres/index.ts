export { notifyAtCommit } from './channel.ts'
export { plainArray } from './plain-array.ts'
export { createPostgres, type Postgres, type PostgresConfig, type TransactionOptions, type Tx } from './postgres.ts'
export { type EmbeddedPostgres, startPostgres } from './start-postgres.ts'
