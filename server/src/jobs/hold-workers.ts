import { type Clock, newId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { releaseLeases, seizeLeases } from './lease-store.ts'
import { allShards } from './shard.ts'

const forMs = 15_000

/** Holds every stage of every workspace at rest while `work` runs, by taking all leases and keeping them. */
export const holdWorkers = async <T>(
  deps: { postgres: Postgres; clock: Clock },
  work: () => Promise<T>,
): Promise<T> => {
  const holder = `maintenance:${newId<string>()}`
  const seize = () => seizeLeases(deps.postgres, { names: allShards, holder, now: deps.clock.now(), forMs })
  let grants = await seize()
  const keeping = setInterval(() => {
    seize().then(
      (renewed) => {
        grants = renewed
      },
      () => undefined, // tried again before the leases end
    )
  }, forMs / 5)
  try {
    return await work()
  } finally {
    clearInterval(keeping)
    await releaseLeases(deps.postgres, holder, grants)
  }
}
