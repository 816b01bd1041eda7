import type { Channels } from '../channels/index.ts'
import type { Imports } from '../collect/index.ts'
import type { Equity } from '../equity/index.ts'
import { checkLease, clearQuarantined, type Turn } from '../jobs/index.ts'
import type { Journeys } from '../journeys/index.ts'
import type { LifeCycle } from '../lifecycle/index.ts'
import type { Messages } from '../messages/index.ts'
import type { ErasureRow } from '../people/index.ts'
import type { Policy } from '../policy/index.ts'
import type { Segments } from '../segments/index.ts'
import type { Postgres } from '../stores/index.ts'

export interface ClearDeps {
  readonly postgres: Postgres
  readonly imports: Pick<Imports, 'clearErased'>
  readonly segments: Pick<Segments, 'clearErased'>
  readonly lifeCycle: Pick<LifeCycle, 'clearErased'>
  readonly policy: Pick<Policy, 'clearErased'>
  readonly channels: Pick<Channels, 'clearErased'>
  readonly messages: Pick<Messages, 'clearErased'>
  readonly journeys: Pick<Journeys, 'clearErased'>
  readonly equity: Pick<Equity, 'clearErased'>
}

/**
 * Takes a person who is hidden out of every table of PostgreSQL but the log, each room its own, in the order in which
 * locks are taken. Again as often as you like. False while something is being handed over to her: again when it is over.
 */
export const clearPerson = (deps: ClearDeps, turn: Turn, erasure: ErasureRow): Promise<boolean> => {
  const { workspaceId, now } = turn
  const ids = erasure.personIds
  const { pseudonym } = erasure
  return deps.postgres.inWorkspace(workspaceId, async (tx) => {
    await checkLease(tx, turn)
    await deps.journeys.clearErased(tx, workspaceId, { ids, at: now })
    await deps.policy.clearErased(tx, workspaceId, ids)
    const cleared =
      pseudonym === null
        ? { messageIds: [], isAnyUnderWay: false }
        : await deps.messages.clearErased(tx, workspaceId, { ids, pseudonym })
    await deps.channels.clearErased(tx, workspaceId, { messageIds: cleared.messageIds, personIds: ids })
    await deps.segments.clearErased(tx, workspaceId, ids)
    await deps.lifeCycle.clearErased(tx, workspaceId, ids)
    await deps.equity.clearErased(tx, workspaceId, { ids, pseudonym })
    await clearQuarantined(tx, workspaceId)
    const values = erasure.identifiers.map(({ value }) => value.toLowerCase())
    await deps.imports.clearErased(tx, workspaceId, values)
    return !cleared.isAnyUnderWay
  })
}
