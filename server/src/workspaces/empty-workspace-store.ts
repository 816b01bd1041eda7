import { sql } from 'kysely'
import type { WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'

/** Rows a transaction removes: keeps each well under a second. */
const rowsAtOnce = 5000

/**
 * Removes every row of a workspace from every declared table that has a workspace: what a migration declares is
 * emptied, without a line in any room. The audit stays.
 */
export const emptyPostgres = async (postgres: Postgres, workspaceId: WorkspaceId): Promise<void> => {
  for (const table of await postgres.inGlobal(listTables)) {
    for (;;) {
      const removed = await postgres.inWorkspace(workspaceId, (tx) => removeSome(tx, table, workspaceId))
      if (removed < rowsAtOnce) break
    }
  }
}

/** The catalogue says what there is. The workspace's own row, members and keys go last, by whoever asked for this. */
const listTables = async (tx: Tx): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select k.name from table_kind k
    join pg_attribute a on a.attrelid = to_regclass(quote_ident(k.name)) and a.attname = 'workspace_id' and not a.attisdropped
    where k.name not in ('workspace', 'access_key', 'member', 'invitation', 'audit_entry')
    order by k.name`.execute(tx)
  return rows.map((row) => row.name)
}

/** `tableoid` too: a ctid is unique within one partition only. */
const removeSome = async (tx: Tx, table: string, workspaceId: WorkspaceId): Promise<number> => {
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where workspace_id = ${workspaceId} and (tableoid, ctid) in (
      select tableoid, ctid from ${sql.table(table)} where workspace_id = ${workspaceId} limit ${rowsAtOnce})`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0n)
}
