import type { WorkspaceId } from '../../server/src/kernel/index.ts'
import type { TestStores } from '../harness/stores.ts'

interface Column {
  readonly name: string
  readonly type: string
  readonly isArray: boolean
}

interface Seed {
  readonly workspaceId: string
  readonly objectId: string
  readonly marker: string
}

/**
 * One row in every workspace table, whatever rooms there are: every text says `marker`, every id but the workspace's
 * is `objectId`, so that any route that looks something up by id finds it, and any leak can be seen. Answers the
 * tables that took no such row (a constraint that can't be met blindly).
 */
export const seedEveryTable = async (
  stores: TestStores,
  workspaceId: WorkspaceId,
  objectId: string,
  marker: string,
): Promise<{ readonly seeded: readonly string[]; readonly refused: readonly string[] }> => {
  const tables = await stores.admin<{ name: string }>(
    `select name from table_kind where kind = 'workspace' order by name`,
  )
  const outcome = { seeded: [] as string[], refused: [] as string[] }
  for (const { name } of tables) {
    const columns = await columnsOf(stores, name)
    const checks = await checksOf(stores, name)
    const seed = { workspaceId, objectId, marker }
    if (await insertRow(stores, name, columns, checks, seed)) {
      outcome.seeded.push(name)
      continue
    }
    // A check may tie several columns to one another; this database is thrown away.
    await dropChecks(stores, name)
    const inserted = await insertRow(stores, name, columns, checks, seed)
    outcome[inserted ? 'seeded' : 'refused'].push(name)
  }
  return outcome
}

/** A version, slot or count that no room gives out by itself; fits the smallest column. */
export const unusedNumber = 30_001

/** Under the names by which what is kept as an object is shown: of people, definitions, messages. */
export const markedObject = (marker: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['note', 'name', 'firstName', 'email', 'title', 'subject', 'text', 'label'].map((field) => [field, marker]),
  )

const insertRow = async (
  stores: TestStores,
  table: string,
  columns: readonly Column[],
  checks: readonly string[],
  seed: Seed,
): Promise<boolean> => {
  const values = columns.map((column) => valueFor(column, checks, seed))
  const names = columns.map((column) => `"${column.name}"`).join(', ')
  const binds = columns.map((column, at) => `$${at + 1}::${column.type}`).join(', ')
  try {
    await stores.admin(`insert into "${table}" (${names}) overriding system value values (${binds})`, values)
    return true
  } catch {
    return false
  }
}

/** A digest of everything the workspace holds, by table. */
export const digestOf = async (stores: TestStores, workspaceId: WorkspaceId): Promise<Record<string, string>> => {
  const tables = await stores.admin<{ name: string }>(
    `select distinct table_name::text as name from information_schema.columns
     where table_schema = 'public' and column_name = 'workspace_id' and table_name in (select name from table_kind)`,
  )
  const digests: Record<string, string> = {}
  for (const { name } of tables) {
    const [row] = await stores.admin<{ digest: string }>(
      `select count(*) || ':' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text)), '') as digest from "${name}" t where workspace_id = $1`,
      [workspaceId],
    )
    digests[name] = row?.digest ?? ''
  }
  return digests
}

const columnsOf = (stores: TestStores, table: string): Promise<Column[]> =>
  stores.admin<Column>(
    `select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, t.typcategory = 'A' as "isArray"
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     order by a.attnum`,
    [`"${table}"`],
  )

const dropChecks = async (stores: TestStores, table: string): Promise<void> => {
  const rows = await stores.admin<{ name: string }>(
    `select conname::text as name from pg_constraint where conrelid = $1::regclass and contype = 'c'`,
    [`"${table}"`],
  )
  for (const { name } of rows) await stores.admin(`alter table "${table}" drop constraint "${name}"`)
}

const checksOf = async (stores: TestStores, table: string): Promise<readonly string[]> => {
  const rows = await stores.admin<{ definition: string }>(
    `select pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = $1::regclass and contype = 'c'`,
    [`"${table}"`],
  )
  return rows.map((row) => row.definition)
}

const valueFor = (column: Column, checks: readonly string[], seed: Seed): unknown => {
  if (column.name === 'workspace_id') return seed.workspaceId
  if (column.isArray) return column.type === 'uuid[]' ? [seed.objectId] : []
  switch (column.type) {
    case 'uuid':
      return seed.objectId
    case 'jsonb':
      return JSON.stringify(markedObject(seed.marker))
    case 'bytea':
      return Buffer.from(seed.marker)
    case 'boolean':
      return false
    case 'date':
      return '2026-01-01'
    case 'text':
      return allowedText(column.name, checks) ?? (column.name.endsWith('_id') ? seed.objectId : seed.marker)
    default:
      return column.type.startsWith('timestamp') ? '2026-01-01T00:00:00Z' : unusedNumber
  }
}

/** The first literal of a check that names the column: `lane in ('live', 'bulk')`. */
const allowedText = (column: string, checks: readonly string[]): string | null => {
  const check = checks.find((each) => new RegExp(`\\b${column}\\b`).test(each))
  return check === undefined ? null : (/'([^']+)'::text/.exec(check)?.[1] ?? null)
}
