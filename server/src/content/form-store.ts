import { sql } from 'kysely'
import type { WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'

/** The public address of a workspace's form, made once. */
export const ensureFormAddress = (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  slug: string,
  address: string,
): Promise<string> =>
  postgres.inGlobal(async (tx) => {
    await sql`
      insert into form_address (address, workspace_id, slug) values (${address}, ${workspaceId}, ${slug})
      on conflict do nothing`.execute(tx)
    const { rows } = await sql<{ address: string }>`
      select address from form_address where workspace_id = ${workspaceId} and slug = ${slug}`.execute(tx)
    return rows[0]?.address ?? address
  })

export const findForm = (postgres: Postgres, address: string) =>
  postgres.inGlobal(async (tx) => {
    const { rows } = await sql<{ workspaceId: WorkspaceId; slug: string }>`
      select workspace_id as "workspaceId", slug from form_address where address = ${address}`.execute(tx)
    return rows[0] ?? null
  })

export const countAnswer = (tx: Tx, workspaceId: WorkspaceId, slug: string) =>
  sql`
    insert into form_answer_count (workspace_id, slug, answers) values (${workspaceId}, ${slug}, 1)
    on conflict (workspace_id, slug) do update set answers = form_answer_count.answers + 1`.execute(tx)

export const readAnswers = async (tx: Tx, workspaceId: WorkspaceId, slug: string): Promise<number> => {
  const { rows } = await sql<{ answers: number }>`
    select answers from form_answer_count where workspace_id = ${workspaceId} and slug = ${slug}`.execute(tx)
  return rows[0]?.answers ?? 0
}
