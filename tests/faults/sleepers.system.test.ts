import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { type CrashPoint, crashPoints } from '../../server/src/kernel/crash-point.ts'
import { until } from '../harness/server-process.ts'
import { noBreach } from '../harness/witness-verdict.ts'
import { compareEngagement, conserved } from './conservation.ts'
import { seedOfRun } from './dice.ts'
import { allDone, createErrands, isOfApi } from './errands.ts'
import { type Installation, startInstallation } from './installation.ts'
import { type Load, startLoad } from './load.ts'
import { compareLog, compareWhenQuiet } from './site.ts'
import { tell } from './tell.ts'

/**
 * Workers that do not die but sleep (SIGSTOP, as a machine that is suspended) past their lease: another takes over and
 * does the work; then the sleeper wakes in the middle of what it was doing. And two workers at once from the start.
 */
const isLong = process.env.BATON_TEST_LONG === '1'
const intact = { lost: noBreach, doubled: noBreach, phantom: noBreach }
const everyday: readonly CrashPoint[] = ['people.before-commit', 'projection.sealed', 'messages.intent']
const points = isLong ? crashPoints.filter((point) => !isOfApi(point) && !/^(restore|rebuild)\./.test(point)) : everyday

const isAsleep = (pid: number): boolean =>
  execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('T')

const loadOn = ({ witness, operation }: Installation, seed: number): Load =>
  startLoad({
    address: witness.address,
    writeKey: operation.writeKey,
    seed,
    clients: 2,
    eventsPerBatch: 5,
    pauseMs: 50,
  })

const settle = async (at: Installation, what: object): Promise<object> => {
  const { counts, ...stores } = await compareWhenQuiet(at)
  const { counts: engaged, judged } = await compareEngagement(at)
  expect({ ...what, ...stores, judged }).toEqual({ ...what, log: intact, clickhouse: intact, judged: conserved })
  return { ...counts, ...engaged, ...stores, ...judged }
}

const acknowledgeMore = (load: Load, batches: number): Promise<number> => {
  const wanted = load.acknowledged() + batches
  return until(
    async () => load.acknowledged(),
    (acknowledged) => acknowledged >= wanted,
  )
}

// Half a minute each: a lease has to end.
describe('a worker that slept past its lease changes nothing when it wakes', () => {
  test.each(points)('at %s', { timeout: 900_000 }, async (point) => {
    const seed = seedOfRun()
    const at = await startInstallation()
    const first = loadOn(at, seed)
    const errands = await createErrands(at)
    errands.start()
    const sleeper = await at.worker({ holder: 'sleeper', env: { STOP_AT: `${point}:1` } })
    const pid = sleeper.child.pid ?? 0
    await until(
      async () => isAsleep(pid),
      (asleep) => asleep,
      60_000,
    )
    const other = await at.worker({ holder: 'other' })
    await acknowledgeMore(first, 5)
    await first.stop()
    await errands.stop()
    const whileAsleep = await settle(at, { point, seed, when: 'the other had done its work' })
    expect(isAsleep(pid)).toBe(true)

    sleeper.child.kill('SIGCONT')
    const second = loadOn(at, seed + 1)
    await acknowledgeMore(second, 20)
    await second.stop()
    expect(await compareLog(at)).toEqual(intact)
    const after = await settle(at, { point, seed, when: 'the sleeper had woken' })
    if (await errands.untilRewritten()) {
      // As in `crash-points.system.test.ts`.
      await Promise.all([sleeper.stop(), other.stop()])
      await at.worker()
    }
    const { counts: run, judged: found } = await errands.compare()
    expect({ point, seed, ...found }).toEqual({ point, seed, ...allDone })
    tell('sleeper', { point, seed, whileAsleep, after, ...run, errands: found })
  })
})

test('two workers at once, one of them leaving and coming back: the work is done once', {
  timeout: 1_800_000,
}, async () => {
  const seed = seedOfRun()
  const at = await startInstallation()
  const load = loadOn(at, seed)
  await at.worker({ holder: 'one' })
  let two = await at.worker({ holder: 'two' })
  for (let round = 0; round < (isLong ? 20 : 3); round += 1) {
    await acknowledgeMore(load, 10)
    if (round % 2 === 0) await two.stop()
    else two.child.kill('SIGKILL')
    await two.ended
    two = await at.worker({ holder: `two, ${round}` })
  }
  await load.stop()
  expect(await compareLog(at)).toEqual(intact)
  tell('two workers', { seed, ...(await settle(at, { seed })) })
})
