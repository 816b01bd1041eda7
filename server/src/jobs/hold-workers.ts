import { type Clock, newId, OperatorError } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { awaitTurns, releaseLeases, renewLeases, seizeLeases } from './lease-store.ts'
import { allShards } from './shard.ts'

const forMs = 15_000

/** The stages, at rest. */
export interface HeldWorkers {
  /** Throws once another has worked since the hold began. To be awaited right before what can't be undone: it renews the hold. */
  confirm(): Promise<void>
}

/**
 * Holds every stage of every workspace at rest while `work` runs, by taking all leases and keeping them. Where they ran out
 * meanwhile and a worker took one, it throws an OperatorError, whatever `work` answers; it never takes them back.
 */
export const holdWorkers = async <T>(
  deps: { postgres: Postgres; clock: Clock },
  work: (held: HeldWorkers) => Promise<T>,
): Promise<T> => {
  const { postgres, clock } = deps
  const holder = `maintenance:${newId<string>()}`
  const grants = await seizeLeases(postgres, { names: allShards, holder, now: clock.now(), forMs })
  const confirm = async (): Promise<void> => {
    const kept = await renewLeases(postgres, { holder, grants, now: clock.now(), forMs })
    if (kept.length < grants.length)
      throw new OperatorError(
        `The workers did not stay at rest: PostgreSQL did not answer for ${forMs / 1000} seconds, or other maintenance ran meanwhile. Run it again.`,
      )
  }
  // What fails is tried again before the leases end; what is lost stays so (a token never comes back), and the next one tells.
  const keeping = setInterval(() => void confirm().catch(() => undefined), forMs / 5)
  try {
    await awaitTurns(postgres, allShards)
    await confirm()
    const result = await work({ confirm })
    await confirm()
    return result
  } finally {
    clearInterval(keeping)
    await releaseLeases(postgres, holder, grants)
  }
}
