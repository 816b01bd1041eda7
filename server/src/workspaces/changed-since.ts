import type { ChangedMeanwhile } from '@baton/contract'
import { UserError } from '../http/index.ts'
import type { Instant } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { namesOfActors } from './actor-names.ts'

/** The refusal of a change that was made from what no longer stands there: who changed it last, and when. */
export const changedSince = async (
  tx: Tx,
  what: string,
  last: { readonly by: string; readonly at: Instant },
): Promise<UserError> => {
  const details: ChangedMeanwhile = {
    changedBy: (await namesOfActors(tx, [last.by])).get(last.by) ?? last.by,
    changedAt: last.at,
  }
  return new UserError('conflict', `This ${what} was changed since it was read, by ${details.changedBy}.`, {
    remedy: 'Read it again, then make the change there.',
    details,
  })
}
