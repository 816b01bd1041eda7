import { randomUUID } from 'node:crypto'
import { brandAs, type PersonId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import { createTextToUuidMap, createUuidToUuidMap } from './uuid-map.ts'

/** What one workspace's people stage remembers between turns; good only while the lease's token stays the same. */
export interface RememberedIdentity {
  /** Whose an identifier is, by its `identifierKey`. */
  find(key: string): { readonly subjectId: SubjectId; readonly personId: PersonId } | undefined
  /** An identifier's subject, for good. Its person must be told, too, where she is another. */
  keep(key: string, subjectId: SubjectId): void
  /** Whom a subject belongs to from now on. */
  belongs(subjectId: SubjectId, personId: PersonId): void
  /** How many entries it holds. */
  readonly size: number
}

/** All of a million people with three identifiers each; about 200 MB. */
const mostRemembered = 4_000_000

/**
 * Identifiers keep their subject for ever and only this stage moves subjects between persons, so both may be
 * remembered as long as nobody else held the lease in between.
 */
export const createIdentityCache = (most = mostRemembered) => {
  const byWorkspace = new Map<WorkspaceId, { readonly token: number; readonly remembered: RememberedIdentity }>()
  const others = (workspaceId: WorkspaceId): number => {
    let size = 0
    for (const [other, { remembered }] of byWorkspace) if (other !== workspaceId) size += remembered.size
    return size
  }
  return {
    of: (workspaceId: WorkspaceId, token: number): RememberedIdentity => {
      const known = byWorkspace.get(workspaceId)
      byWorkspace.delete(workspaceId)
      const isGood = known?.token === token && known.remembered.size < most
      const held = isGood ? known : { token, remembered: createRememberedIdentity() }
      // Used last stands last; those used longest ago go first.
      for (const [other] of byWorkspace) {
        if (others(workspaceId) + held.remembered.size < most) break
        byWorkspace.delete(other)
      }
      byWorkspace.set(workspaceId, held)
      return held.remembered
    },
    forget: (workspaceId: WorkspaceId) => byWorkspace.delete(workspaceId),
  }
}
export type IdentityCache = ReturnType<typeof createIdentityCache>

const createRememberedIdentity = (): RememberedIdentity => {
  const subjects = createTextToUuidMap(randomUUID())
  /** Of the subjects that belong, or belonged, to another person than the one they began. */
  const moved = createUuidToUuidMap()
  return {
    find: (key) => {
      const subject = subjects.get(key)
      if (subject === undefined) return undefined
      return { subjectId: brandAs<SubjectId>(subject), personId: brandAs<PersonId>(moved.get(subject) ?? subject) }
    },
    keep: (key, subjectId) => subjects.set(key, subjectId),
    belongs: (subjectId, personId) => {
      if (String(subjectId) !== String(personId) || moved.get(subjectId) !== undefined) moved.set(subjectId, personId)
    },
    get size() {
      return subjects.size + moved.size
    },
  }
}
