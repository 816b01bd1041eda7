import { decodeBatch } from '../../server/src/collect/index.ts'
import type { WorkspaceId } from '../../server/src/kernel/index.ts'
import type { TestStores } from './stores.ts'

/** A look past the wall at both engines. */
export type Look = Pick<TestStores, 'admin' | 'clickhouse'>

/** Words by the table that holds them; those of ClickHouse as `clickhouse event`. */
export type Places = ReadonlyMap<string, ReadonlySet<string>>

/**
 * Everything in a workspace's tables, in any column, that matches: `pattern` is a regular expression for lower case, without
 * a group that captures, in the syntax that JavaScript and RE2 share.
 */
export const findMatches = async (look: Look, workspaceId: WorkspaceId, pattern: string): Promise<Places> =>
  new Map([
    ...(await matchesInPostgres(look, workspaceId, new RegExp(pattern, 'g'))),
    ...(await matchesInClickHouse(look, workspaceId, pattern)),
  ])

/** Which tables of PostgreSQL and ClickHouse hold one of these texts, in any column. */
export const whereIs = async (
  look: Look,
  workspaceId: WorkspaceId,
  texts: readonly string[],
): Promise<readonly string[]> => {
  const pattern = texts.map((text) => text.toLowerCase().replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')
  const places = await findMatches(look, workspaceId, pattern)
  return [...places].flatMap(([place, words]) => [...words].map((word) => `${place}: ${word}`))
}

const matchesInPostgres = async ({ admin }: Look, workspaceId: WorkspaceId, pattern: RegExp): Promise<Places> => {
  const tables = await admin<{ name: string; isWorkspace: boolean }>(
    `select name, kind = 'workspace' as "isWorkspace" from table_kind order by name`,
  )
  const places = new Map<string, ReadonlySet<string>>()
  for (const { name, isWorkspace } of tables) {
    const rows = await admin<Record<string, unknown>>(
      `select * from "${name}"${isWorkspace ? ' where workspace_id = $1' : ''}`,
      isWorkspace ? [workspaceId] : [],
    )
    const words = new Set<string>()
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        for (const [word] of textOf(name, column, value).toLowerCase().matchAll(pattern)) words.add(word)
    if (words.size > 0) places.set(name, words)
  }
  return places
}

/** What is packed (log batches) is unpacked. */
const textOf = (table: string, column: string, value: unknown): string => {
  if (Buffer.isBuffer(value))
    return table === 'log_batch' && column === 'payload'
      ? decodeBatch(value)
          .map(({ head, body }) => JSON.stringify(head) + body.toString('utf8'))
          .join('\n')
      : value.toString('latin1')
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}

const matchesInClickHouse = async (
  { clickhouse }: Look,
  workspaceId: WorkspaceId,
  pattern: string,
): Promise<Places> => {
  const tables = await clickhouse.query<{ name: string; columns: readonly string[] }>({
    sql: `select table as name, groupArray(name) as columns from system.columns
      where database = currentDatabase() group by table order by table`,
  })
  const places = new Map<string, ReadonlySet<string>>()
  for (const { name, columns } of tables) {
    if (!columns.includes('workspace_id')) continue
    const found = columns.map(
      (column) => `groupUniqArrayArray(extractAll(lower(toString(\`${column}\`)), {pattern:String}))`,
    )
    const rows = await clickhouse.query<{ words: readonly string[] }>({
      sql: `select arrayConcat(${found.join(', ')}) as words from ${name} where workspace_id = {workspaceId:UUID}`,
      params: { workspaceId, pattern },
    })
    const words = new Set(rows.flatMap((row) => row.words))
    if (words.size > 0) places.set(`clickhouse ${name}`, words)
  }
  return places
}
