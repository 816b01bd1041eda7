import { type HeldWorkers, type Lane, lanes, readPosition } from '../jobs/index.ts'
import { crashPoint, must, type Position, type WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, Postgres } from '../stores/index.ts'
import { personsOfSubjects } from './identity-store.ts'
import { insertTaken } from './insert-taken.ts'
import { loadOrders } from './order-store.ts'
import type { PeopleFeed, PersonEvent } from './person-event.ts'
import { loadPersonFacts } from './person-facts-store.ts'
import { batchesWith, eventLines, orderLines, personLines, subjectPersonLines } from './projection-rows.ts'
import { projectionStageName } from './projection-stage.ts'
import { readVersion, subjectMapOf } from './projection-store.ts'
import {
  forgetPositions,
  forgetSubjects,
  haveNewTables,
  insertRebuilt,
  makeNewTables,
  swapTables,
} from './rebuild-sql.ts'
import {
  countLogged,
  forgetRebuilt,
  isRebuildUnderWay,
  onlyRebuild,
  orderIdsAfter,
  personsAfter,
  readRebuilt,
  saveRebuilt,
} from './rebuild-store.ts'
import { markWhole } from './whole-parts-sql.ts'

export interface RebuildDeps {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly feed: PeopleFeed
  readonly workspaces: () => Promise<readonly WorkspaceId[]>
  /** Takes every worker's lease for as long as `work` runs, so that nothing is projected meanwhile; throws if something was. */
  readonly holdWorkers: <T>(work: (held: HeldWorkers) => Promise<T>) => Promise<T>
  readonly signal: AbortSignal
  readonly progress: (done: number, of: number) => void
}

export type RebuildOutcome = { kind: 'rebuilt'; events: number; people: number } | { kind: 'stopped' }

const eventsPerInsert = 20_000
const rowsPerInsert = 5_000

/**
 * Makes ClickHouse's tables anew from the log, its verdicts and PostgreSQL, beside the ones in use, and swaps them in at
 * the end. No membership changes, nobody enters a journey, nothing is sent: stages read the feed, not these tables'
 * growth. Stopped or killed it goes on where it was, or starts over when it was swapping; only the last stretch and the swap hold the workers.
 * One at a time: a second one throws an OperatorError.
 */
export const rebuildProjection = (deps: RebuildDeps): Promise<RebuildOutcome> =>
  onlyRebuild(deps.postgres, (checkAlone) => rebuild(deps, checkAlone))

const rebuild = async (deps: RebuildDeps, checkAlone: () => Promise<void>): Promise<RebuildOutcome> => {
  const goesOn = (await isRebuildUnderWay(deps.postgres)) && (await haveNewTables(deps.clickhouse))
  // ClickHouse was lost since, perhaps: what is said to be copied is not.
  if (!goesOn) await forgetRebuilt(deps.postgres)
  await makeNewTables(deps.clickhouse, goesOn)
  let events = 0
  const copyAll = async (): Promise<readonly WorkspaceId[]> => {
    const workspaces = await deps.workspaces()
    const totals = await Promise.all(workspaces.map((workspaceId) => countLogged(deps.postgres, workspaceId)))
    const total = totals.reduce((sum, each) => sum + each, 0)
    for (const workspaceId of workspaces)
      for (const lane of lanes) {
        if (deps.signal.aborted) return workspaces
        events += await copyEvents({ ...deps, checkAlone }, workspaceId, lane, (count) =>
          deps.progress(events + count, total),
        )
      }
    return workspaces
  }
  await copyAll()
  if (deps.signal.aborted) return { kind: 'stopped' }
  return deps.holdWorkers(async (held) => {
    const confirm = async () => {
      await checkAlone()
      await held.confirm()
    }
    // Workspaces that were made meanwhile are among them.
    const workspaces = await copyAll()
    let people = 0
    for (const workspaceId of workspaces) people += await copyPeopleAndOrders(deps, workspaceId)
    if (deps.signal.aborted) return { kind: 'stopped' }
    await confirm()
    // Forgotten first: after a swap that was interrupted, tables that look copied are empty or old, and the next run starts
    // over. Until then each table in use is whole, swapped or not.
    await forgetRebuilt(deps.postgres)
    crashPoint('rebuild.forgotten')
    await swapTables(deps.clickhouse, confirm)
    await markWhole(deps.clickhouse, workspaces, 'people', 'long')
    return { kind: 'rebuilt', events, people }
  })
}

/** Copies what the projection has committed and this rebuild has not; answers how many events. */
const copyEvents = async (
  deps: RebuildDeps & { readonly checkAlone: () => Promise<void> },
  workspaceId: WorkspaceId,
  lane: Lane,
  copied: (count: number) => void,
): Promise<number> => {
  const { postgres, clickhouse, feed } = deps
  const upTo = await postgres.inGlobal((tx) => readPosition(tx, workspaceId, projectionStageName, lane))
  let at = await readRebuilt(postgres, workspaceId, lane)
  let total = 0
  let first = true
  while (at < upTo && !deps.signal.aborted) {
    const next = await feed.after(workspaceId, lane, at, eventsPerInsert)
    const batches = next.filter((batch) => batch.position <= upTo)
    const positions = batches.map((batch) => batch.position)
    const forget = () => forgetPositions(clickhouse, workspaceId, positions)
    if (first) await forget()
    first = false
    const events = batches.flatMap((batch) => batch.events)
    await deps.checkAlone()
    const refused = await insertTaken(
      events,
      // Batch 0: older than every batch that is projected from now on.
      (some) => insertRebuilt(clickhouse, 'event', eventLines(workspaceId, batchesWith(batches, some), 0)),
      forget,
    )
    const count = events.length - refused.length
    crashPoint('rebuild.inserted')
    await leaveOutHidden(deps, workspaceId, events)
    at = must(batches.at(-1), 'the projection stands at a batch of the log').position as Position
    await saveRebuilt(postgres, workspaceId, lane, at, count)
    crashPoint('rebuild.copied')
    total += count
    copied(total)
  }
  return total
}

/**
 * Takes out again the events of whoever was hidden since they were read: her erasure may have cleared these tables before
 * they were written, and then looks no more. Whoever is hidden later is cleared later, too.
 */
const leaveOutHidden = async (
  { postgres, clickhouse }: Pick<RebuildDeps, 'postgres' | 'clickhouse'>,
  workspaceId: WorkspaceId,
  events: readonly PersonEvent[],
): Promise<void> => {
  const subjects = [...new Set(events.map(({ subjectId }) => subjectId))]
  const known = await postgres.inWorkspace(workspaceId, (tx) => personsOfSubjects(tx, workspaceId, subjects))
  const hidden = subjects.filter((subjectId) => !known.has(subjectId))
  if (hidden.length > 0) await forgetSubjects(clickhouse, workspaceId, hidden)
}

const copyPeopleAndOrders = async (deps: RebuildDeps, workspaceId: WorkspaceId): Promise<number> => {
  const { postgres, clickhouse, signal } = deps
  let people = 0
  for (let after: string | null = null; !signal.aborted; ) {
    const persons = await personsAfter(postgres, workspaceId, after, rowsPerInsert)
    const last = persons.at(-1)
    if (!last) break
    after = last
    people += persons.length
    const read = await postgres.inWorkspace(workspaceId, async (tx) => {
      const version = await readVersion(tx)
      const map = await subjectMapOf(tx, workspaceId, persons)
      return { version, map, facts: await loadPersonFacts(tx, workspaceId, persons) }
    })
    await insertTaken(persons, (some) =>
      insertRebuilt(clickhouse, 'person', personLines(workspaceId, some, read.facts, read.version)),
    )
    await insertRebuilt(clickhouse, 'subject_person', subjectPersonLines(workspaceId, read.map, read.version))
  }
  for (let after: string | null = null; !signal.aborted; ) {
    const orderIds = await orderIdsAfter(postgres, workspaceId, after, rowsPerInsert)
    const last = orderIds.at(-1)
    if (last === undefined) break
    after = last
    const { version, orders } = await postgres.inWorkspace(workspaceId, async (tx) => {
      const seenAt = await readVersion(tx)
      return { version: seenAt, orders: await loadOrders(tx, workspaceId, orderIds) }
    })
    await insertTaken([...orders.values()], (some) =>
      insertRebuilt(clickhouse, 'customer_order', orderLines(workspaceId, some, version)),
    )
  }
  return people
}
