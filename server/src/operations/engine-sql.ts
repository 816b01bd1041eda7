import type { ClickHouse } from '../stores/index.ts'

export const readClickHouseVersion = async (clickhouse: ClickHouse): Promise<string> =>
  (await clickhouse.query<{ version: string }>({ sql: 'SELECT version() AS version' }))[0]?.version ?? ''
