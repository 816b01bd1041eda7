import type { Permission } from '@baton/contract'
import type { SessionWorkspace } from '../api/session.ts'

/** Figures of the whole firm need a role that sees money, and are closed to who is scoped to a partner. */
export const seesEquity = ({ permissions, scope }: Pick<SessionWorkspace, 'permissions' | 'scope'>): boolean =>
  permissions.includes('money:read') && scope.partner === undefined

/** What is there once for all phases and partners is changed by nobody whose scope is a part of them. */
export const mayForAll = (
  { permissions, scope }: Pick<SessionWorkspace, 'permissions' | 'scope'>,
  permission: Permission,
) => permissions.includes(permission) && scope.phases === undefined && scope.partner === undefined

/** What something in the operation belongs to. Null or not said: to no phase or partner in particular. */
interface Belonging {
  readonly phase?: string | null
  readonly partner?: string | null
}

/** Whether it lies in the part she answers for, as the server decides it; who has no scope answers for all of it. */
export const answersFor = (
  { scope }: { readonly scope: Pick<SessionWorkspace['scope'], 'phases' | 'partner'> },
  { phase, partner }: Belonging,
): boolean =>
  (scope.phases === undefined || (typeof phase === 'string' && scope.phases.includes(phase))) &&
  (scope.partner === undefined || partner === scope.partner)
