import { type Instant, must, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import {
  type ErasureRow,
  findErasure,
  identifiersAfter,
  insertErasure,
  isWorkspace,
  knownErasures,
  personsHolding,
} from './erasure-store.ts'
import { hidePerson } from './hide-person.ts'
import type { Identifier } from './identifiers.ts'
import { createTombstoneHash } from './tombstones.ts'

export interface OldErasure extends Pick<ErasureRow, 'erasureId' | 'personIds' | 'requestedAt' | 'pseudonym'> {
  readonly hashes: readonly Buffer[]
}

const identifiersAtOnce = 10_000

/**
 * Carries out, in a copy that is older than they are, erasures that were carried out before. Every identifier of the
 * workspace is hashed once. All of it in one transaction: a copy is never seen with some of them.
 */
export const hideAgain = (
  deps: { readonly postgres: Postgres; readonly tombstoneKey: Buffer; readonly at: Instant },
  workspaceId: WorkspaceId,
  erasures: readonly OldErasure[],
): Promise<number> =>
  deps.postgres.inWorkspace(
    workspaceId,
    async (tx) => {
      if (!(await isWorkspace(tx, workspaceId))) return 0
      const known = await knownErasures(
        tx,
        workspaceId,
        erasures.map(({ erasureId }) => erasureId),
      )
      const unknown = erasures.filter(({ erasureId }) => !known.has(erasureId))
      if (unknown.length === 0) return 0
      const hashOf = createTombstoneHash(deps.tombstoneKey)
      const wanted = new Map(unknown.flatMap((one) => one.hashes.map((hash) => [hash.toString('hex'), one.erasureId])))
      const subjectsOf = new Map<string, Set<string>>()
      for (let after: Identifier | null = null; ; ) {
        const page: readonly (Identifier & { readonly subjectId: SubjectId })[] = await identifiersAfter(
          tx,
          workspaceId,
          after,
          identifiersAtOnce,
        )
        const last = page.at(-1)
        if (last === undefined) break
        after = last
        for (const one of page) {
          const erasureId = wanted.get(hashOf(workspaceId, one).toString('hex'))
          if (erasureId === undefined) continue
          subjectsOf.set(erasureId, (subjectsOf.get(erasureId) ?? new Set()).add(one.subjectId))
        }
      }
      for (const { erasureId, hashes, personIds, pseudonym, requestedAt } of unknown) {
        const found = await personsHolding(tx, workspaceId, [...(subjectsOf.get(erasureId) ?? [])])
        const ids = [...new Set([...personIds, ...found])]
        await insertErasure(tx, workspaceId, {
          erasureId,
          personIds: ids,
          pseudonym,
          requestedAt,
          requestedBy: 'system',
        })
        const row = must(
          await findErasure(tx, workspaceId, erasureId),
          'it was just written, or stood there as requested',
        )
        await hidePerson(
          tx,
          workspaceId,
          { ...row, personIds: ids },
          {
            hashOf,
            position: null,
            at: deps.at,
            tombstones: hashes,
          },
        )
      }
      return unknown.length
    },
    { maxMs: 600_000 },
  )
