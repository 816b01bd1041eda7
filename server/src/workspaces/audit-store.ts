import { sql } from 'kysely'
import { type Instant, newId, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

/** One change that somebody made. No personal data: `object` and `detail` name ids, fields and numbers. */
export interface AuditEntry {
  readonly workspaceId: WorkspaceId
  /** `user:…`, `key:…` or `system`. */
  readonly actor: string
  /** What was done, `<noun>.<verb in the past>`: `journey.published`. */
  readonly action: string
  /** What it was done to: `journey:<id>`. */
  readonly object: string
  readonly detail?: Readonly<Record<string, unknown>>
}

export const insertAudit = async (tx: Tx, entry: AuditEntry, at: Instant): Promise<void> => {
  await sql`
    insert into audit_entry (workspace_id, audit_id, at, actor, action, object, detail)
    values (${entry.workspaceId}, ${newId<string>()}, ${at}, ${entry.actor}, ${entry.action}, ${entry.object},
      ${JSON.stringify(entry.detail ?? {})}::jsonb)`.execute(tx)
}

export interface AuditRow {
  readonly audit_id: string
  readonly at: string | number
  readonly actor: string
  readonly action: string
  readonly object: string
  readonly detail: Record<string, unknown>
}

/** Newest first, after the given key; one row more than asked for says that there is another page. */
export const listAudit = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  query: {
    readonly after: readonly [at: Instant, auditId: string] | null
    readonly object: string | null
    readonly limit: number
  },
): Promise<AuditRow[]> => {
  const [at, auditId] = query.after ?? [null, null]
  const { rows } = await sql<AuditRow>`
    select audit_id, at, actor, action, object, detail from audit_entry
    where workspace_id = ${workspaceId}
      and (${at}::bigint is null or (at, audit_id) < (${at}::bigint, ${auditId}::uuid))
      and (${query.object}::text is null or object = ${query.object})
    order by at desc, audit_id desc limit ${query.limit + 1}`.execute(tx)
  return rows
}
