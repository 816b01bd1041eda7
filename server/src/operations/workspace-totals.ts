import type { Lane } from '../jobs/index.ts'
import { type Clock, type Instant, type Milliseconds, secondMs, type WorkspaceId } from '../kernel/index.ts'
import { addLedgers, balanceOf, emptyLedger, type LedgerCount } from './ledger-balance.ts'
import { type LedgerProbe, within } from './probes.ts'

/** What every workspace knows of itself alone, added up. */
export interface WorkspaceTotals {
  readonly ledger: LedgerTotals
  /** Things that stages went on without. */
  readonly quarantined: readonly QuarantinedTotal[]
}

export interface LedgerTotals extends LedgerCount {
  /** Sum of every workspace's own difference without its sign: two that are wrong do not make one that is right. */
  readonly difference: number
  readonly countedAt: Instant
}

export interface QuarantinedTotal {
  readonly stage: string
  readonly lane: Lane
  readonly items: number
}
export type QuarantinedProbe = (workspaceId: WorkspaceId) => Promise<readonly QuarantinedTotal[]>

/** A count reads the whole ledger, so it takes at most a twentieth of the time, however often it is asked for. */
const restPerCount = 19
const waitsForCountMs: Milliseconds = secondMs

/**
 * Answers with the newest count, and begins the next one when it is due: a small ledger is counted at every call, one
 * that takes 10 s every three minutes. Null until the first count is done, or where there is nothing to count with.
 */
export const createWorkspaceTotals = (deps: {
  readonly clock: Clock
  readonly workspaces: () => Promise<readonly WorkspaceId[]>
  readonly ledger: LedgerProbe | null
  readonly quarantined: QuarantinedProbe
}): (() => Promise<WorkspaceTotals | null>) => {
  const { clock, ledger } = deps
  if (ledger === null) return async () => null
  let newest: WorkspaceTotals | null = null
  let isCounting = false
  let restsUntil: Instant = 0

  const count = async (): Promise<void> => {
    const countedAt = clock.now()
    isCounting = true
    try {
      let total = emptyLedger
      let difference = 0
      const quarantined = new Map<string, QuarantinedTotal>()
      for (const workspaceId of await deps.workspaces()) {
        const own = await ledger(workspaceId)
        total = addLedgers(total, own)
        difference += Math.abs(balanceOf(own).difference)
        for (const { stage, lane, items } of await deps.quarantined(workspaceId)) {
          const place = `${stage} ${lane}`
          quarantined.set(place, { stage, lane, items: items + (quarantined.get(place)?.items ?? 0) })
        }
      }
      newest = { ledger: { ...total, difference, countedAt }, quarantined: [...quarantined.values()] }
    } finally {
      isCounting = false
      const now = clock.now()
      restsUntil = now + (now - countedAt) * restPerCount
    }
  }

  return async () => {
    if (!isCounting && clock.now() >= restsUntil)
      // The engine's own probe says why it could not be counted; the last count stands, with its instant.
      await within(waitsForCountMs, count()).catch(() => {})
    return newest
  }
}
