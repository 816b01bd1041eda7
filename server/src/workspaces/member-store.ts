import { type Role, role, type Scope, scope } from '@baton/contract'
import { sql } from 'kysely'
import { brandAs, type Instant, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

export interface MemberRecord {
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly scope: Scope
  readonly createdAt: Instant
}

interface MemberRow {
  readonly user_id: string
  readonly name: string
  readonly email: string
  readonly role: string
  readonly scope: unknown
  readonly created_at: string | number
}

export const listMembers = async (tx: Tx, workspaceId: WorkspaceId): Promise<MemberRecord[]> => {
  const { rows } = await sql<MemberRow>`
    select m.user_id, u."name", u."email", m.role, m.scope, m.created_at
    from member m join "user" u on u."id" = m.user_id
    where m.workspace_id = ${workspaceId}
    order by m.created_at, m.user_id`.execute(tx)
  return rows.map((row) => ({
    userId: row.user_id,
    name: row.name,
    email: row.email,
    role: role.parse(row.role),
    scope: scope.parse(row.scope),
    createdAt: Number(row.created_at),
  }))
}

export interface MemberChange {
  readonly workspaceId: WorkspaceId
  readonly userId: string
  readonly role: Role
  readonly scope: Scope
}

/** Adds a member; one who is there already keeps what she has. True when she was added. */
export const insertMember = async (tx: Tx, added: MemberChange & { readonly at: Instant }): Promise<boolean> => {
  const { rows } = await sql`
    insert into member (workspace_id, user_id, role, scope, created_at)
    values (${added.workspaceId}, ${added.userId}, ${added.role}, ${JSON.stringify(added.scope)}::jsonb, ${added.at})
    on conflict (workspace_id, user_id) do nothing returning user_id`.execute(tx)
  return rows.length > 0
}

export const updateMember = async (tx: Tx, next: MemberChange): Promise<void> => {
  await sql`
    update member set role = ${next.role}, scope = ${JSON.stringify(next.scope)}::jsonb
    where workspace_id = ${next.workspaceId} and user_id = ${next.userId}`.execute(tx)
}

export const deleteMember = async (tx: Tx, workspaceId: WorkspaceId, userId: string): Promise<void> => {
  await sql`delete from member where workspace_id = ${workspaceId} and user_id = ${userId}`.execute(tx)
}

/** Everybody who can sign in (the people of a simulation can't) moves along to another workspace with role and scope. */
export const copyMembers = async (tx: Tx, from: WorkspaceId, to: WorkspaceId, at: Instant): Promise<void> => {
  await sql`
    insert into member (workspace_id, user_id, role, scope, created_at)
    select ${to}, m.user_id, m.role, m.scope, ${at} from member m
    where m.workspace_id = ${from} and exists (select from "account" a where a."userId" = m.user_id)
    on conflict (workspace_id, user_id) do nothing`.execute(tx)
}

/** Open workspaces that nobody owns: made before anybody could sign in. Locked. */
export const lockOwnerless = async (tx: Tx): Promise<WorkspaceId[]> => {
  const { rows } = await sql<{ workspace_id: string }>`
    select w.workspace_id from workspace w
    where w.closed_at is null
      and not exists (select from member m where m.workspace_id = w.workspace_id and m.role = 'owner')
    order by w.created_at, w.workspace_id for update of w`.execute(tx)
  return rows.map((row) => brandAs<WorkspaceId>(row.workspace_id))
}
