import { sql } from 'kysely'
import type { Instant, TemplateId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { TrashedRow } from '../workspaces/index.ts'

/** Which default template it began as; null: made here. Undefined: there is none. */
export const seedOf = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  templateId: TemplateId,
): Promise<{ seed: string | null; name: string } | undefined> => {
  const { rows } = await sql<{ seed: string | null; name: string }>`
    select seed, name from template
    where workspace_id = ${workspaceId} and template_id = ${templateId} and deleted_at is null for update`.execute(tx)
  return rows[0]
}

export const deleteTemplate = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  templateId: TemplateId,
  at: Instant,
  by: string,
): Promise<void> => {
  await sql`
    update template set deleted_at = ${at}, deleted_by = ${by}
    where workspace_id = ${workspaceId} and template_id = ${templateId}`.execute(tx)
}

/** Deleted after that instant, the last first. */
export const listTrash = async (tx: Tx, workspaceId: WorkspaceId, after: Instant): Promise<readonly TrashedRow[]> => {
  const { rows } = await sql<TrashedRow>`
    select template_id as id, name, deleted_at as "deletedAt", deleted_by as "deletedBy" from template
    where workspace_id = ${workspaceId} and deleted_at > ${after}
    order by deleted_at desc, template_id limit 200`.execute(tx)
  return rows
}

/** What was deleted after that instant is there again; false: it is not in the trash. */
export const undeleteTemplate = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  templateId: TemplateId,
  after: Instant,
): Promise<boolean> => {
  const { rows } = await sql`
    update template set deleted_at = null, deleted_by = null
    where workspace_id = ${workspaceId} and template_id = ${templateId} and deleted_at > ${after} returning 1`.execute(
    tx,
  )
  return rows.length > 0
}

/** Those of which no message was made leave; the others stay, because messages name them. */
export const forgetTemplates = async (tx: Tx, workspaceId: WorkspaceId, before: Instant): Promise<void> => {
  const { rows } = await sql<{ templateId: TemplateId }>`
    delete from template t where t.workspace_id = ${workspaceId} and t.deleted_at <= ${before}
      and not exists (select 1 from message m where m.workspace_id = t.workspace_id and m.template_id = t.template_id)
    returning t.template_id as "templateId"`.execute(tx)
  const gone = rows.map(({ templateId }) => templateId)
  if (gone.length > 0)
    await sql`
      delete from template_version where workspace_id = ${workspaceId} and template_id = any(${gone}::uuid[])`.execute(
      tx,
    )
}
