import pg from 'pg'
import { must, OperatorError } from '../kernel/index.ts'
import type { BackedUpTable } from './archive.ts'

/** Tables that describe the installation itself, or only the present moment (who is signed in has to sign in again). */
const notBackedUp = new Set(['table_kind', 'log_epoch', 'lease', 'session'])

export interface TableShape {
  readonly name: string
  readonly kind: BackedUpTable['kind']
  readonly columns: readonly string[]
}

/** One connection as the tables' owner, in one transaction from its beginning to its end. */
export const withOwner = async <T>(
  ownerUrl: string,
  begin: 'begin' | 'begin isolation level repeatable read read only',
  work: (client: pg.Client) => Promise<T>,
): Promise<T> => {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'baton backup' })
  let broken: Error | null = null
  client.on('error', (error) => {
    broken = error
  })
  await client.connect()
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    throw broken === null
      ? error
      : new OperatorError(`The connection to PostgreSQL was lost: ${String(broken)}`, { cause: error })
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Every declared table in an order in which rows can be put back: a referenced table before those that refer to it. */
export const readShapes = async (client: pg.Client): Promise<readonly TableShape[]> => {
  const { rows } = await client.query<{
    name: string
    kind: BackedUpTable['kind']
    columns: string[]
    needs: string[]
  }>(
    `select k.name, k.kind,
       array(select a.attname::text from pg_attribute a
         where a.attrelid = quote_ident(k.name)::regclass and a.attnum > 0 and not a.attisdropped
           and a.attgenerated = '' order by a.attnum) as columns,
       array(select distinct t.relname::text from pg_constraint c join pg_class t on t.oid = c.confrelid
         where c.conrelid = quote_ident(k.name)::regclass and c.contype = 'f' and c.confrelid <> c.conrelid) as needs
     from table_kind k order by k.name`,
  )
  const left = new Map(rows.filter(({ name }) => !notBackedUp.has(name)).map((row) => [row.name, row]))
  const ordered: TableShape[] = []
  while (left.size > 0) {
    const ready = [...left.values()].filter(({ needs }) => !needs.some((name) => left.has(name)))
    if (ready.length === 0)
      throw new OperatorError(`Tables refer to one another in a circle: ${[...left.keys()].join(', ')}`)
    for (const { name, kind, columns } of ready) {
      ordered.push({ name, kind, columns })
      left.delete(name)
    }
  }
  return ordered
}

export const readWorkspaceIds = async (client: pg.Client): Promise<readonly string[]> =>
  (await client.query<{ id: string }>('select workspace_id as id from workspace order by 1')).rows.map(({ id }) => id)

/** Row-level security shows an owner the rows of this workspace only, as it does everybody else. */
export const enterWorkspace = (client: pg.Client, workspaceId: string): Promise<unknown> =>
  client.query(`select set_config('baton.workspace', $1, true)`, [workspaceId])

export const readSchema = async (client: pg.Client) => {
  const epoch = await client.query<{ epoch: string }>('select epoch from log_epoch')
  const days = await client.query<{ day: string }>(
    `select distinct substring(c.relname from '[0-9]{8}$') as day from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'log_batch'::regclass and c.relname ~ '[0-9]{8}$' order by 1`,
  )
  const sequences = await client.query<{ name: string; value: string }>(
    `select quote_ident(schemaname) || '.' || quote_ident(sequencename) as name, last_value::text as value
     from pg_sequences where last_value is not null`,
  )
  return {
    epoch: Number(must(epoch.rows[0], 'the migration makes the one row of log_epoch').epoch),
    days: days.rows.map(({ day }) => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`),
    sequences: sequences.rows,
  }
}

/** Names of tables and columns come from the catalogue, never from the backup alone. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const columnList = ({ columns }: Pick<TableShape, 'columns'>): string => columns.map(quoted).join(', ')

export const copyOutSql = (shape: TableShape): string =>
  `copy (select ${columnList(shape)} from ${quoted(shape.name)}) to stdout`
export const copyInSql = (shape: TableShape): string => `copy ${quoted(shape.name)} (${columnList(shape)}) from stdin`

/** COPY into a table is refused while its rows are walled from the owner, too; the wall is back at commit. */
export const openWall = (client: pg.Client, { name }: TableShape): Promise<unknown> =>
  client.query(`alter table ${quoted(name)} no force row level security`)
export const closeWall = (client: pg.Client, { name }: TableShape): Promise<unknown> =>
  client.query(`alter table ${quoted(name)} force row level security`)

export const emptyTable = (client: pg.Client, { name }: TableShape): Promise<unknown> =>
  client.query(`delete from ${quoted(name)}`)

export const makePartitions = async (client: pg.Client, days: readonly string[]): Promise<void> => {
  for (const day of days) await client.query('select ensure_partitions($1::date)', [day])
}

/** Positions go on above those of the original, whose transaction numbers this server does not share. */
export const beginEpoch = (client: pg.Client, epoch: number): Promise<unknown> =>
  client.query('update log_epoch set epoch = $1', [epoch])

export const setSequence = (client: pg.Client, name: string, value: string): Promise<unknown> =>
  client.query('select setval($1::regclass, $2::bigint)', [name, value])

export const readMigrationNames = async (client: pg.Client): Promise<readonly string[]> =>
  (await client.query<{ name: string }>('select name from baton_schema.migration order by name')).rows.map(
    ({ name }) => name,
  )

/** ClickHouse of a new installation is empty: the projection begins at the first event again, and so does a rebuild. */
export const forgetProjection = async (client: pg.Client, workspaceIds: readonly string[]): Promise<void> => {
  await client.query(`delete from stage_position where stage in ('projection', 'rebuild')`)
  for (const workspaceId of workspaceIds) {
    await enterWorkspace(client, workspaceId)
    await client.query('delete from projection_batch')
  }
}
