import { decodeBatch } from '../../server/src/collect/index.ts'
import { must, type WorkspaceId } from '../../server/src/kernel/index.ts'
import type { TestStores } from './stores.ts'

/** Everything that a workspace's tables hold, as text, by table: what is packed (log batches) is unpacked. */
const contents = async (
  stores: TestStores,
  workspaceId: WorkspaceId,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const tables = await stores.admin<{ name: string; isWorkspace: boolean }>(
    `select name, kind = 'workspace' as "isWorkspace" from table_kind order by name`,
  )
  const found = new Map<string, string[]>()
  for (const { name, isWorkspace } of tables) {
    const columns = await stores.admin<{ name: string; type: string }>(
      `select attname::text as name, format_type(atttypid, null) as type from pg_attribute
       where attrelid = quote_ident($1)::regclass and attnum > 0 and not attisdropped`,
      [name],
    )
    const rows = await stores.admin<Record<string, unknown>>(
      `select * from "${name}"${isWorkspace ? ' where workspace_id = $1' : ''}`,
      isWorkspace ? [workspaceId] : [],
    )
    const texts = rows.flatMap((row) => columns.map((column) => textOf(name, column.name, row[column.name])))
    found.set(name, texts)
  }
  return found
}

const textOf = (table: string, column: string, value: unknown): string => {
  if (Buffer.isBuffer(value))
    return table === 'log_batch' && column === 'payload'
      ? decodeBatch(value)
          .map(({ head, body }) => JSON.stringify(head) + body.toString('utf8'))
          .join('\n')
      : value.toString('latin1')
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}

/** Which tables of PostgreSQL and ClickHouse hold one of these texts, in any column. */
export const whereIs = async (
  stores: TestStores,
  workspaceId: WorkspaceId,
  texts: readonly string[],
): Promise<readonly string[]> => {
  const places: string[] = []
  const wanted = texts.map((text) => text.toLowerCase())
  for (const [table, values] of await contents(stores, workspaceId))
    for (const text of wanted)
      if (values.some((value) => value.toLowerCase().includes(text))) places.push(`${table}: ${text}`)
  const tables = await stores.clickhouse.query<{ name: string; columns: readonly string[] }>({
    sql: `select table as name, groupArray(name) as columns from system.columns
      where database = currentDatabase() group by table order by table`,
  })
  for (const { name, columns } of tables) {
    if (!columns.includes('workspace_id')) continue
    for (const text of wanted) {
      const any = columns.map((column) => `position(lower(toString(${column})), {text:String}) > 0`).join(' or ')
      const [row] = await stores.clickhouse.query<{ n: number }>({
        sql: `select count() as n from ${name} where workspace_id = {workspaceId:UUID} and (${any})`,
        params: { workspaceId, text },
      })
      if (Number(must(row, 'a count').n) > 0) places.push(`clickhouse ${name}: ${text}`)
    }
  }
  return places
}
