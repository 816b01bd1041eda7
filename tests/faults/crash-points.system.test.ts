import { expect, test } from 'vitest'
import { type CrashPoint, crashPoints } from '../../server/src/kernel/crash-point.ts'
import { until } from '../harness/server-process.ts'
import { noBreach } from '../harness/witness-verdict.ts'
import { compareEngagement, conserved } from './conservation.ts'
import { createDice, seedOfRun } from './dice.ts'
import { allDone, createErrands, type Errands, isOfApi } from './errands.ts'
import { type Installation, startInstallation } from './installation.ts'
import { startLoad } from './load.ts'
import { compareLog, compareWhenQuiet } from './site.ts'
import { tell } from './tell.ts'

/**
 * Every named place between two durable writes: the process is killed there under load, another takes over, and nothing
 * is lost, doubled or handed over twice. A name of the list that the code never passes fails here.
 */
const isLong = process.env.BATON_TEST_LONG === '1'
const rounds = isLong ? 2 : 1
/** Everyday the first passing; a long run one of the first so many. */
const latestPassing = isLong ? 4 : 1
const passedWithinMs = 180_000
/** ClickHouse is changed for erasures once a minute at most: their fourth passing would be waited for too long. */
const onceAMinute: ReadonlySet<CrashPoint> = new Set(['privacy.clickhouse-cleared', 'privacy.vacuumed'])
/** Those of the commands: `tests/system/restore.system.test.ts` and `rebuild.system.test.ts`. */
const points = crashPoints.filter((point) => !/^(restore|rebuild)\./.test(point))

const intact = { lost: noBreach, doubled: noBreach, phantom: noBreach }
/** Starts the process that passes the point, and gives how it ended. */
const dieAt = async (at: Installation, point: CrashPoint, passing: number): Promise<string | null> => {
  const env = { CRASH_AT: `${point}:${passing}` }
  const doomed = isOfApi(point) ? await at.api(env) : at.doomedWorker(env)
  let signal: string | null | undefined
  doomed.ended.then((how) => {
    signal = how.signal
  })
  await until(
    async () => signal,
    (known) => known !== undefined,
    passedWithinMs,
  ).catch((cause: unknown) => {
    throw new Error(`${point} was not passed ${passing} times in ${passedWithinMs / 1000} s`, { cause })
  })
  return signal ?? null
}

/** Another worker takes over, and everything is compared once it is done. */
const recover = async (at: Installation, errands: Errands, expected: object) => {
  let worker = await at.worker()
  if (await errands.untilRewritten()) {
    // A worker changes ClickHouse for erasures once a minute; another need not wait for it.
    await worker.stop()
    worker = await at.worker()
  }
  const { counts, ...stores } = await compareWhenQuiet(at)
  const { counts: engaged, judged } = await compareEngagement(at)
  const { counts: run, judged: errandsFound } = await errands.compare()
  expect({ ...expected, ...stores, judged, errands: errandsFound }).toEqual({
    ...expected,
    log: intact,
    clickhouse: intact,
    judged: conserved,
    errands: allDone,
  })
  await worker.stop()
  return { ...counts, ...engaged, ...run, ...stores, ...judged, errands: errandsFound }
}

test(`a crash at each of ${points.length} named points, ${rounds} times: nothing is lost, nothing stands twice`, {
  timeout: 3_600_000,
}, async () => {
  const seed = seedOfRun()
  const dice = createDice(seed)
  const at = await startInstallation()
  const errands = await createErrands(at)
  const { address } = at.witness
  const { writeKey } = at.operation
  for (const [index, point] of Array.from({ length: rounds }, () => points)
    .flat()
    .entries()) {
    const load = startLoad({ address, writeKey, seed: seed + index, clients: 2, eventsPerBatch: 5, pauseMs: 50 })
    errands.start()
    const passing = 1 + dice.whole(onceAMinute.has(point) ? 1 : latestPassing)
    // Replies and leaving need somebody who writes.
    const writer = isOfApi(point) ? await at.worker() : null
    expect(await dieAt(at, point, passing), point).toBe('SIGKILL')
    await writer?.stop()
    if (isOfApi(point)) await at.api()
    expect(await compareLog(at), point).toEqual(intact)
    await load.stop()
    await errands.stop()
    // Every day the next one to die is the one that takes over, so that recovering is interrupted, too.
    if (isLong) await recover(at, errands, { point, passing, seed })
  }
  const found = await recover(at, errands, { seed })
  tell('crash points', { points: points.length, rounds, seed, ...found })
  // Nothing lost of nothing would prove nothing.
  expect(found.mails).toBeGreaterThan(points.length)
  expect(found.mustEnter).toBeGreaterThan(points.length)
  for (const forbidden of Object.values(found.mustNotBeMailed)) expect(forbidden).toBeGreaterThan(0)
  for (const errand of [found.imported, found.forms, found.replies, found.left, found.erased])
    expect(errand).toBeGreaterThan(0)
})
