import type { SessionWorkspace } from '../api/session.ts'
import { answersFor } from '../app/reach.ts'

/**
 * Why somebody may only look at a journey: her role, or that its phase is another's; null where she may change it. What
 * names no phase yet is nobody else's, and journeys belong to no partner.
 */
export const whyReadOnly = (
  { permissions, scope: { phases } }: Pick<SessionWorkspace, 'permissions' | 'scope'>,
  phase: string | null,
): 'role' | 'phase' | null => {
  if (!permissions.includes('journeys:write')) return 'role'
  return phase === null || answersFor({ scope: { phases } }, { phase }) ? null : 'phase'
}
