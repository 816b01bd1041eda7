import type { SessionWorkspace } from '../api/session.ts'

/** Figures of the whole firm need a role that sees money, and are closed to who is scoped to a partner. */
export const seesEquity = ({ permissions, scope }: Pick<SessionWorkspace, 'permissions' | 'scope'>): boolean =>
  permissions.includes('money:read') && scope.partner === undefined
