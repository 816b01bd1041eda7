import { brandAs, type Instant, newId, type PersonId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import { hideAgain } from '../people/index.ts'
import type { Postgres } from '../stores/index.ts'
import type { KeptTombstones } from './tombstone-file.ts'

/**
 * Hides, in a copy from before their erasure, the people whom the file names: whoever holds an identifier that a tombstone
 * is of. An erasure that the copy knows was carried out in it. To be done before anybody can look or anything is sent; the
 * stage does the rest. Answers how many erasures the copy had not heard of.
 */
export const honourTombstones = async (
  deps: { readonly postgres: Postgres; readonly tombstoneKey: Buffer; readonly at: Instant },
  kept: readonly KeptTombstones[],
): Promise<number> => {
  let unknown = 0
  for (const [id, ofOne] of Map.groupBy(kept, ({ workspaceId }) => workspaceId))
    unknown += await hideAgain(
      deps,
      brandAs<WorkspaceId>(id),
      ofOne.map(({ erasureId, personIds, requestedAt, hashes }) => ({
        erasureId,
        personIds: personIds.map((each) => brandAs<PersonId>(each)),
        requestedAt,
        hashes: hashes.map((each) => Buffer.from(each, 'hex')),
        pseudonym: newId<SubjectId>(),
      })),
    )
  return unknown
}
