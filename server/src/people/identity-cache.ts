import type { PersonId, SubjectId, WorkspaceId } from '../kernel/index.ts'

/** What one workspace's people stage remembers between turns; good only while the lease's token stays the same. */
export interface RememberedIdentity {
  readonly subjects: Map<string, SubjectId>
  readonly persons: Map<SubjectId, PersonId>
}

const mostRemembered = 500_000

/**
 * Identifiers keep their subject for ever and only this stage moves subjects between persons, so both may be
 * remembered as long as nobody else held the lease in between.
 */
export const createIdentityCache = () => {
  const byWorkspace = new Map<WorkspaceId, RememberedIdentity & { token: number }>()
  return {
    of: (workspaceId: WorkspaceId, token: number): RememberedIdentity => {
      const known = byWorkspace.get(workspaceId)
      if (known && known.token === token && known.subjects.size < mostRemembered) return known
      const fresh = { token, subjects: new Map<string, SubjectId>(), persons: new Map<SubjectId, PersonId>() }
      byWorkspace.set(workspaceId, fresh)
      return fresh
    },
    forget: (workspaceId: WorkspaceId) => byWorkspace.delete(workspaceId),
  }
}
export type IdentityCache = ReturnType<typeof createIdentityCache>
