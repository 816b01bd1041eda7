import { randomUUID } from 'node:crypto'
import { totalmem } from 'node:os'
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
  readonly bytes: number
}

/** A thirty-second of the machine, at most 256 MB: enough for three identifiers of each of a million people. */
export const defaultIdentityBytes = (): number => Math.min(totalmem() / 32, 2 ** 28)

/**
 * Identifiers keep their subject for ever and only this stage moves subjects between persons, so both may be
 * remembered as long as nobody else held the lease in between.
 */
export const createIdentityCache = (mostBytes = defaultIdentityBytes()) => {
  const byWorkspace = new Map<WorkspaceId, { readonly token: number; readonly remembered: RememberedIdentity }>()
  return {
    of: (workspaceId: WorkspaceId, token: number): RememberedIdentity => {
      const known = byWorkspace.get(workspaceId)
      const isGood = known?.token === token && known.remembered.bytes <= mostBytes
      const held = isGood ? known : { token, remembered: createRememberedIdentity() }
      // Used last stands last; those used longest ago go first.
      byWorkspace.delete(workspaceId)
      byWorkspace.set(workspaceId, held)
      let bytes = 0
      for (const { remembered } of byWorkspace.values()) bytes += remembered.bytes
      for (const [other, { remembered }] of byWorkspace) {
        if (bytes <= mostBytes || other === workspaceId) break
        bytes -= remembered.bytes
        byWorkspace.delete(other)
      }
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
    get bytes() {
      return subjects.bytes + moved.bytes
    },
  }
}
