import type { Role, Scope } from '@baton/contract'
import { notFound, type Principal, UserError } from '../http/index.ts'
import { type Clock, dayMs, newId, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { hashSecret, newSecret } from './access-key.ts'
import { hashPassword, verifyPassword } from './argon2-password.ts'
import { mayInvite, refuseToWiden } from './change-member.ts'
import {
  acceptInvitation,
  deleteUnaccepted,
  findOpenInvitation,
  type InvitationRecord,
  insertInvitation,
  readUnaccepted,
} from './invitation-store.ts'
import { listKeys } from './key-store.ts'
import { insertMember, listMembers } from './member-store.ts'
import { findAccount, insertUser } from './user-store.ts'
import { lockWorkspace } from './workspace-store.ts'
import type { Workspaces } from './workspaces.ts'

export const invitationDays = 7

export interface InviteDeps {
  readonly postgres: Postgres
  readonly clock: Clock
  readonly workspaces: Pick<Workspaces, 'audit'>
}

/** The invitation with its token, which is shown once; it opens one account in one workspace for a week. */
export const invite = async (
  deps: InviteDeps,
  principal: Principal,
  draft: { readonly email: string; readonly role: Role; readonly scope: Scope },
): Promise<InvitationRecord & { readonly token: string }> => {
  const { postgres, clock, workspaces } = deps
  const token = newSecret()
  const at = clock.now()
  const made: InvitationRecord = {
    ...draft,
    email: draft.email.toLowerCase(),
    invitationId: newId<string>(),
    workspaceId: principal.workspaceId,
    invitedBy: principal.actor,
    createdAt: at,
    expiresAt: at + invitationDays * dayMs,
    acceptedAt: null,
  }
  await postgres.inWorkspace(principal.workspaceId, async (tx) => {
    await insertInvitation(tx, made, hashSecret(token))
    await workspaces.audit(tx, {
      workspaceId: principal.workspaceId,
      actor: principal.actor,
      action: 'member.invited',
      object: `invitation:${made.invitationId}`,
      detail: { role: draft.role, scope: draft.scope },
    })
  })
  return { ...made, token }
}

/** Withdraws an invitation that nobody has accepted, unless it gives more than who withdraws it has. */
export const withdrawInvitation = async (
  deps: Pick<InviteDeps, 'postgres' | 'workspaces'>,
  principal: Principal,
  invitationId: string,
): Promise<void> => {
  const { workspaceId, actor } = principal
  await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    const [found] = await readUnaccepted(tx, workspaceId, { invitationId })
    if (found === undefined) throw notFound('open invitation')
    refuseToWiden(principal, found)
    if ((await deleteUnaccepted(tx, workspaceId, [invitationId])).length === 0) throw notFound('open invitation')
    const { role, scope } = found
    const object = `invitation:${invitationId}`
    await deps.workspaces.audit(tx, {
      workspaceId,
      actor,
      action: 'invitation.withdrawn',
      object,
      detail: { role, scope },
    })
  })
}

/** What the inviter may now: a member or a key that works; null: neither any more. */
const inviterOf = async (
  tx: Tx,
  { workspaceId, invitedBy }: InvitationRecord,
): Promise<Pick<Principal, 'role' | 'scope'> | null> => {
  const members = await listMembers(tx, workspaceId)
  const asMember = members.find(({ userId }) => invitedBy === `user:${userId}`)
  if (asMember !== undefined) return asMember
  const keys = await listKeys(tx, workspaceId, 'api')
  const asKey = keys.find(({ keyId, revokedAt }) => invitedBy === `key:${keyId}` && revokedAt === null)
  return asKey?.role ? { role: asKey.role, scope: asKey.scope } : null
}

/** Makes the invited one a member, with a new account or, by its own password, one she has. Gives her address. */
export const joinByInvitation = async (
  deps: InviteDeps,
  given: { readonly token: string; readonly name: string; readonly password: string },
  passwordMinLength: number,
): Promise<{ readonly email: string; readonly workspaceId: WorkspaceId }> => {
  const { postgres, clock, workspaces } = deps
  const found = await postgres.inGlobal(async (tx) => {
    const invitation = await findOpenInvitation(tx, hashSecret(given.token), clock.now())
    return invitation === null ? null : { invitation, account: await findAccount(tx, invitation.email) }
  })
  if (found === null) throw tokenInvalid()
  const { invitation, account } = found
  if (account === null && given.password.length < passwordMinLength) throw passwordTooShort(passwordMinLength)
  if (account !== null && !(await verifyPassword(given.password, account.passwordHash ?? ''))) throw wrongPassword()
  const passwordHash = account === null ? await hashPassword(given.password) : ''
  await postgres.inWorkspace(invitation.workspaceId, async (tx) => {
    const at = clock.now()
    // Whoever removes or narrows the inviter has this lock, too: she is looked at before or after, never in between.
    if ((await lockWorkspace(tx, invitation.workspaceId)) === null) throw tokenInvalid()
    const inviter = await inviterOf(tx, invitation)
    if (inviter === null || !mayInvite(inviter, invitation)) throw inviterMayNot()
    if (!(await acceptInvitation(tx, invitation.invitationId, at))) throw tokenInvalid()
    const userId =
      account?.userId ?? (await insertUser(tx, { name: given.name, email: invitation.email, passwordHash, at }))
    if (userId === null) throw tokenInvalid()
    await insertMember(tx, { ...invitation, userId, at })
    await workspaces.audit(tx, {
      workspaceId: invitation.workspaceId,
      actor: `user:${userId}`,
      action: 'member.joined',
      object: `user:${userId}`,
      detail: { role: invitation.role },
    })
  })
  return { email: invitation.email, workspaceId: invitation.workspaceId }
}

const tokenInvalid = (): UserError =>
  new UserError('token-invalid', 'The invitation is wrong, used or too old.', {
    remedy: 'Ask for a new invitation.',
  })

const inviterMayNot = (): UserError =>
  new UserError('token-invalid', 'Who invited you may not give this any more.', {
    remedy: 'Ask somebody who works in the workspace for a new invitation.',
  })

const wrongPassword = (): UserError =>
  new UserError('sign-in-failed', 'You have an account already, with another password.', {
    remedy: 'Use the password of that account.',
  })

const passwordTooShort = (length: number): UserError =>
  new UserError('invalid-input', `The password is shorter than ${length} characters.`, {
    remedy: 'Take a longer one: a few words do well.',
    details: [{ in: 'body', path: 'password', problem: `at least ${length} characters` }],
  })
