import type { BrandKit, Template, TemplateDraft } from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, TemplateId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { StoredVersion } from '../workspaces/index.ts'

export interface StoredTemplate extends Template {
  readonly templateId: TemplateId
  readonly compiled: string
  readonly isDeleted: boolean
}

const columns = sql.raw(
  `v.template_id as "templateId", v.version, v.name, v.subject, v.mjml, v.compiled, v.text_body as text, v.topic,
   v.created_at as "updatedAt", v.created_by as "updatedBy", t.deleted_at is not null as "isDeleted"`,
)

/** The newest version of each; also of deleted ones, since what was planned with them still goes out. */
export const readTemplates = async (tx: Tx, workspaceId: WorkspaceId, templateIds: readonly string[]) => {
  const { rows } = await sql<StoredTemplate>`
    select ${columns} from template t
    join template_version v using (workspace_id, template_id, version)
    where t.workspace_id = ${workspaceId} and t.template_id = any(${templateIds}::uuid[])`.execute(tx)
  return rows
}

export const listTemplates = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  page: { after: readonly [string, string] | null; limit: number },
) => {
  const [name, id] = page.after ?? [null, null]
  const { rows } = await sql<StoredTemplate>`
    select ${columns} from template t
    join template_version v using (workspace_id, template_id, version)
    where t.workspace_id = ${workspaceId} and t.deleted_at is null and (${name}::text is null or (t.name, t.template_id) > (${name}::text, ${id}::uuid))
    order by t.name, t.template_id limit ${page.limit + 1}`.execute(tx)
  return rows
}

/** Newest first, below a version; `limit` of them. */
export const listVersions = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  templateId: TemplateId,
  page: { before: number | null; limit: number },
): Promise<readonly StoredVersion[]> => {
  const { rows } = await sql<TemplateDraft & { version: number; at: Instant; by: string }>`
    select version, created_at as at, created_by as by, name, subject, mjml, text_body as text, topic
    from template_version
    where workspace_id = ${workspaceId} and template_id = ${templateId}
      and (${page.before}::int is null or version < ${page.before})
    order by version desc limit ${page.limit}`.execute(tx)
  return rows.map(({ version, at, by, ...content }) => ({ version, at, by, content }))
}

export const readVersion = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  templateId: TemplateId,
  version: number,
): Promise<TemplateDraft | null> => {
  const { rows } = await sql<TemplateDraft>`
    select name, subject, mjml, text_body as text, topic from template_version
    where workspace_id = ${workspaceId} and template_id = ${templateId} and version = ${version}`.execute(tx)
  return rows[0] ?? null
}

export type NewVersion = TemplateDraft & { readonly compiled: string; readonly at: Instant; readonly by: string }

export const insertTemplate = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  templateId: TemplateId,
  seed: string | null,
  version: NewVersion,
) => {
  const { rows } = await sql`
    insert into template (workspace_id, template_id, name, seed, version, created_at)
    values (${workspaceId}, ${templateId}, ${version.name}, ${seed}, 1, ${version.at})
    on conflict do nothing returning 1`.execute(tx)
  if (rows.length > 0) await insertVersion(tx, workspaceId, templateId, 1, version)
}

/**
 * `expectedUpdatedAt`: only while the newest version is still of that instant. Whoever waits here for another's version
 * does not see it in the subquery, which is as it should be: it is not the one she read.
 */
export const addVersion = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  templateId: TemplateId,
  version: NewVersion,
  expectedUpdatedAt: number | undefined,
): Promise<
  { readonly kind: 'added' | 'missing' } | { readonly kind: 'changed-meanwhile'; readonly to: StoredTemplate }
> => {
  const expected = expectedUpdatedAt ?? null
  const { rows } = await sql<{ version: number }>`
    update template t set version = t.version + 1, name = ${version.name}
    where t.workspace_id = ${workspaceId} and t.template_id = ${templateId} and t.deleted_at is null
      and (${expected}::bigint is null or exists (
        select from template_version v where v.workspace_id = t.workspace_id and v.template_id = t.template_id
          and v.version = t.version and v.created_at = ${expected}::bigint))
    returning t.version`.execute(tx)
  const [row] = rows
  if (!row) {
    const [found] = await readTemplates(tx, workspaceId, [templateId])
    return found && !found.isDeleted ? { kind: 'changed-meanwhile', to: found } : { kind: 'missing' }
  }
  await insertVersion(tx, workspaceId, templateId, row.version, version)
  return { kind: 'added' }
}

/** Every version is later than the one before, whatever the clock says: its instant tells them apart. */
const insertVersion = (tx: Tx, workspaceId: WorkspaceId, templateId: TemplateId, number: number, one: NewVersion) =>
  sql`
    insert into template_version (workspace_id, template_id, version, name, subject, mjml, compiled, text_body, topic,
      created_at, created_by)
    select ${workspaceId}, ${templateId}, ${number}::int, ${one.name}, ${one.subject}, ${one.mjml}, ${one.compiled},
      ${one.text}, ${one.topic}, greatest(${one.at}::bigint, max(created_at) + 1), ${one.by}
    from template_version where workspace_id = ${workspaceId} and template_id = ${templateId}`.execute(tx)

export const countSeeded = async (tx: Tx, workspaceId: WorkspaceId): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from template where workspace_id = ${workspaceId} and seed is not null`.execute(tx)
  return rows[0]?.count ?? 0
}

export const readBrandKit = async (tx: Tx, workspaceId: WorkspaceId): Promise<unknown> => {
  const { rows } = await sql<{ kit: unknown }>`select kit from brand_kit where workspace_id = ${workspaceId}`.execute(
    tx,
  )
  return rows[0]?.kit ?? null
}

/** Changes what it answers under its lock; `first` stands there when there was none. */
export const lockBrandKit = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  first: BrandKit,
  at: Instant,
): Promise<unknown> => {
  await sql`
    insert into brand_kit (workspace_id, kit, updated_at) values (${workspaceId}, ${JSON.stringify(first)}::jsonb, ${at})
    on conflict (workspace_id) do nothing`.execute(tx)
  const { rows } = await sql<{ kit: unknown }>`
    select kit from brand_kit where workspace_id = ${workspaceId} for update`.execute(tx)
  return rows[0]?.kit
}

export const writeBrandKit = (tx: Tx, workspaceId: WorkspaceId, kit: BrandKit, at: Instant) =>
  sql`
    update brand_kit set kit = ${JSON.stringify(kit)}::jsonb, updated_at = ${at}
    where workspace_id = ${workspaceId}`.execute(tx)
