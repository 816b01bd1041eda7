import { type Role, role, type Scope, scope } from '@baton/contract'
import { sql } from 'kysely'
import { brandAs, type Instant, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

export interface InvitationRecord {
  readonly invitationId: string
  readonly workspaceId: WorkspaceId
  readonly email: string
  readonly role: Role
  readonly scope: Scope
  readonly invitedBy: string
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly acceptedAt: Instant | null
}

interface InvitationRow {
  readonly invitation_id: string
  readonly workspace_id: string
  readonly email: string
  readonly role: string
  readonly scope: unknown
  readonly invited_by: string
  readonly created_at: string | number
  readonly expires_at: string | number
  readonly accepted_at: string | number | null
}

const toInvitation = (row: InvitationRow): InvitationRecord => ({
  invitationId: row.invitation_id,
  workspaceId: brandAs<WorkspaceId>(row.workspace_id),
  email: row.email,
  role: role.parse(row.role),
  scope: scope.parse(row.scope),
  invitedBy: row.invited_by,
  createdAt: Number(row.created_at),
  expiresAt: Number(row.expires_at),
  acceptedAt: row.accepted_at === null ? null : Number(row.accepted_at),
})

const columns = sql`i.invitation_id, i.workspace_id, i.email, i.role, i.scope, i.invited_by, i.created_at, i.expires_at, i.accepted_at`

export const insertInvitation = async (tx: Tx, made: InvitationRecord, hash: Buffer): Promise<void> => {
  await sql`
    insert into invitation (invitation_id, workspace_id, email, role, scope, token_hash, invited_by, created_at, expires_at)
    values (${made.invitationId}, ${made.workspaceId}, ${made.email}, ${made.role}, ${JSON.stringify(made.scope)}::jsonb, ${hash},
      ${made.invitedBy}, ${made.createdAt}, ${made.expiresAt})`.execute(tx)
}

export const listInvitations = async (tx: Tx, workspaceId: WorkspaceId): Promise<InvitationRecord[]> => {
  const { rows } = await sql<InvitationRow>`
    select ${columns} from invitation i where i.workspace_id = ${workspaceId}
    order by i.created_at desc, i.invitation_id desc limit 200`.execute(tx)
  return rows.map(toInvitation)
}

/** Those that nobody has accepted, whether their week is over or not; of one inviter, or one of them. */
export const readUnaccepted = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  which: { readonly invitedBy: string } | { readonly invitationId: string },
): Promise<InvitationRecord[]> => {
  const asked =
    'invitedBy' in which ? sql`i.invited_by = ${which.invitedBy}` : sql`i.invitation_id = ${which.invitationId}`
  const { rows } = await sql<InvitationRow>`
    select ${columns} from invitation i
    where i.workspace_id = ${workspaceId} and i.accepted_at is null and ${asked}`.execute(tx)
  return rows.map(toInvitation)
}

/** Their tokens open nothing any more. Which were dropped: one accepted meanwhile stays. */
export const deleteUnaccepted = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  invitationIds: readonly string[],
): Promise<readonly string[]> => {
  if (invitationIds.length === 0) return []
  const { rows } = await sql<{ invitation_id: string }>`
    delete from invitation
    where workspace_id = ${workspaceId} and invitation_id = any(${invitationIds}::uuid[]) and accepted_at is null
    returning invitation_id`.execute(tx)
  return rows.map((row) => row.invitation_id)
}

/** An invitation that can still be accepted. */
export const findOpenInvitation = async (tx: Tx, hash: Buffer, now: Instant): Promise<InvitationRecord | null> => {
  const { rows } = await sql<InvitationRow>`
    select ${columns} from invitation i join workspace w on w.workspace_id = i.workspace_id
    where i.token_hash = ${hash} and i.accepted_at is null and i.expires_at > ${now} and w.closed_at is null`.execute(
    tx,
  )
  return rows[0] === undefined ? null : toInvitation(rows[0])
}

/** False when somebody was faster. */
export const acceptInvitation = async (tx: Tx, invitationId: string, at: Instant): Promise<boolean> => {
  const { rows } = await sql`
    update invitation set accepted_at = ${at} where invitation_id = ${invitationId} and accepted_at is null
    returning invitation_id`.execute(tx)
  return rows.length > 0
}
