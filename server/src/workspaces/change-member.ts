import type { Role, Scope } from '@baton/contract'
import { may, mayGrant, notFound, type Principal, UserError } from '../http/index.ts'
import type { Tx } from '../stores/index.ts'
import { deleteUnaccepted, readUnaccepted } from './invitation-store.ts'
import { deleteMember, listMembers, type MemberRecord, updateMember } from './member-store.ts'
import { lockWorkspace } from './workspace-store.ts'

/**
 * Changes under the workspace's lock, so that two at once can't leave it without an owner. Nobody changes somebody who
 * may more than she, nor gives more than she has. Open invitations of hers that she might not make now are dropped.
 */
export const changeMember = async (
  tx: Tx,
  principal: Principal,
  userId: string,
  change: { readonly role?: Role | undefined; readonly scope?: Scope | undefined },
): Promise<MemberRecord> => {
  const { target, others } = await lockMember(tx, principal, userId)
  const next = { ...target, role: change.role ?? target.role, scope: change.scope ?? target.scope }
  refuseToWiden(principal, next)
  refuseScopedOwner(next)
  if (next.role !== 'owner') keepOneOwner(others)
  await updateMember(tx, { workspaceId: principal.workspaceId, ...next })
  await dropInvitations(tx, principal, userId, (given) => !mayInvite(next, given))
  return next
}

/** Her open invitations go with her. */
export const removeMember = async (tx: Tx, principal: Principal, userId: string): Promise<void> => {
  const { others } = await lockMember(tx, principal, userId)
  keepOneOwner(others)
  await deleteMember(tx, principal.workspaceId, userId)
  await dropInvitations(tx, principal, userId, () => true)
}

const dropInvitations = async (
  tx: Tx,
  { workspaceId }: Principal,
  userId: string,
  isToGo: (given: Given) => boolean,
): Promise<void> => {
  const open = await readUnaccepted(tx, workspaceId, { invitedBy: `user:${userId}` })
  const gone = open.filter(isToGo).map(({ invitationId }) => invitationId)
  await deleteUnaccepted(tx, workspaceId, gone)
}

interface Given {
  readonly role: Role
  readonly scope: Scope
}

/** Whether somebody with this role and scope may invite to that one. */
export const mayInvite = (who: Given, given: Given): boolean => may(who, 'members:write') && mayGrant(who, given)

export const refuseToWiden = (principal: Principal, given: Given): void => {
  if (mayGrant(principal, given)) return
  throw new UserError('forbidden', `The role "${given.role}" with this scope may more than you.`, {
    remedy: 'Choose a role and a scope that may no more than yours, or ask an owner.',
  })
}

/** An owner answers for all of it: a workspace of owners with parts would have nobody to widen them again. */
export const refuseScopedOwner = ({ role, scope }: Given): void => {
  if (role !== 'owner' || Object.values(scope).every((part) => part === undefined)) return
  throw new UserError('invalid-input', 'An owner answers for the whole operation and has no scope.', {
    remedy: 'Choose another role, or leave the scope empty.',
  })
}

const lockMember = async (
  tx: Tx,
  principal: Principal,
  userId: string,
): Promise<{ readonly target: MemberRecord; readonly others: readonly MemberRecord[] }> => {
  await lockWorkspace(tx, principal.workspaceId)
  const members = await listMembers(tx, principal.workspaceId)
  const target = members.find((each) => each.userId === userId)
  if (target === undefined) throw notFound('member')
  refuseToWiden(principal, target)
  return { target, others: members.filter((each) => each !== target) }
}

const keepOneOwner = (others: readonly MemberRecord[]): void => {
  if (others.some((each) => each.role === 'owner')) return
  throw new UserError('conflict', 'A workspace keeps at least one owner.', {
    remedy: 'Make somebody else an owner first.',
  })
}
