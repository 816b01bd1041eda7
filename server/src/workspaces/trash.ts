import { type TrashItem, trashDays, type UseOfIt } from '@baton/contract'
import { UserError } from '../http/index.ts'
import { dayMs, type Instant } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { namesOfActors } from './actor-names.ts'

/** A row of the trash as a room keeps it. */
export interface TrashedRow {
  readonly id: string
  readonly name: string
  readonly deletedAt: Instant
  readonly deletedBy: string | null
}

/** What was deleted before this instant has left the trash. */
export const trashBegins = (now: Instant): Instant => now - trashDays * dayMs

export const trashOf = async (tx: Tx, rows: readonly TrashedRow[]): Promise<TrashItem[]> => {
  const names = await namesOfActors(
    tx,
    rows.flatMap(({ deletedBy }) => deletedBy ?? []),
  )
  return rows.map(({ deletedBy, ...row }) => ({
    ...row,
    deletedBy: names.get(deletedBy ?? '') ?? deletedBy ?? 'unknown',
    leavesAt: row.deletedAt + trashDays * dayMs,
  }))
}

const kinds: Readonly<Record<UseOfIt['kind'], string>> = {
  segment: 'the segment',
  journey: 'the journey',
  'life-cycle': 'the life cycle,',
  baton: 'Baton’s own',
}

/** What is in use is not deleted, and says by what. */
export const refuseInUse = (uses: readonly UseOfIt[]): void => {
  if (uses.length === 0) return
  const shown = uses.slice(0, 5).map(({ kind, name }) => `${kinds[kind]} “${name}”`)
  const more = uses.length > shown.length ? ` and ${uses.length - shown.length} more` : ''
  throw new UserError('conflict', `It is in use by ${shown.join(', ')}${more}.`, {
    remedy: 'Take it out there first, then delete it.',
    details: { usedBy: uses },
  })
}
