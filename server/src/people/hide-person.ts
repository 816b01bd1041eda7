import type { ReadEvent, SystemEvent } from '../collect/index.ts'
import { type Instant, newId, type Position, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { type ErasureRow, lockRequested, markHidden } from './erasure-store.ts'
import { orderIdsOfSubjects, pseudonymiseOrders, subjectsOfErased, takeOutPerson } from './take-out-store.ts'
import type { TombstoneHash } from './tombstones.ts'

export const eraseAction = 'erase'

/** The entry of the log by which somebody is erased: what stands before it was hers, what comes after is somebody new. */
export const isErasure = (event: ReadEvent): event is SystemEvent =>
  event.kind === 'system' && event.action === eraseAction

/** Carries out the erasures among a turn's corrections; answers how many. */
export const hideErased = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  corrections: readonly SystemEvent[],
  about: { readonly hashOf: TombstoneHash; readonly position: Position; readonly at: Instant },
): Promise<number> => {
  let hidden = 0
  for (const { properties } of corrections.filter(isErasure)) {
    const erasure = await lockRequested(tx, workspaceId, String(properties.erasureId))
    if (erasure === null) continue
    await hidePerson(tx, workspaceId, erasure, about)
    hidden += 1
  }
  return hidden
}

/**
 * Takes out, in one transaction, everything by which somebody could be found: her subjects, identifiers, traits and words.
 * What names a subject that is no more is shown by nothing. Her identifiers stay as keyed hashes.
 */
export const hidePerson = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  erasure: Pick<ErasureRow, 'erasureId' | 'personIds' | 'pseudonym'>,
  about: {
    readonly hashOf: TombstoneHash
    readonly position: Position | null
    readonly at: Instant
    /** Of identifiers she had elsewhere. */
    readonly tombstones?: readonly Buffer[]
  },
): Promise<void> => {
  const subjects = await subjectsOfErased(tx, workspaceId, erasure.personIds)
  const ids = [...new Set([...erasure.personIds, ...subjects.map(({ subjectId }) => subjectId as string)])]
  const orders = await orderIdsOfSubjects(tx, workspaceId, ids)
  await pseudonymiseOrders(
    tx,
    workspaceId,
    orders.map((orderId) => ({ orderId, newOrderId: `erased:${newId<string>()}` })),
    erasure.pseudonym ?? newId<SubjectId>(),
  )
  const identifiers = await takeOutPerson(tx, workspaceId, ids)
  const { erasureId } = erasure
  const { position, at, hashOf } = about
  const hashes = [...(about.tombstones ?? []), ...identifiers.map((identifier) => hashOf(workspaceId, identifier))]
  await markHidden(tx, workspaceId, { erasureId, personIds: ids, identifiers, hashes, position, at })
}
