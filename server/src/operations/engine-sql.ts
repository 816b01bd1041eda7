import type { ClickHouse } from '../stores/index.ts'

export const readClickHouseVersion = async (clickhouse: ClickHouse, signal: AbortSignal): Promise<string> =>
  (await clickhouse.query<{ version: string }>({ sql: 'SELECT version() AS version', signal }))[0]?.version ?? ''
