import { describe, expect, test } from 'vitest'
import type { Trouble } from '../harness/lateness.ts'
import { until } from '../harness/server-process.ts'
import { noBreach } from '../harness/witness-verdict.ts'
import { compareEngagement, conserved } from './conservation.ts'
import { createDice, type Dice, seedOfRun } from './dice.ts'
import { type Load, startLoad } from './load.ts'
import { compareLog, compareWhenQuiet, type Site, startSite, untilReady } from './site.ts'
import { tell } from './tell.ts'
import { type Victim, victims } from './victims.ts'

/**
 * Kill -9 under load. Clients go on sending while each part is killed at a random point; after every kill everything
 * answered 200 must stand in the log, and at the end exactly once in ClickHouse; journeys conserve, no mail went twice.
 */
const isLong = process.env.BATON_TEST_LONG === '1'
const killsEach = 20
/** Two minutes each, until it is taken for hung. */
const halts: readonly Victim[] = ['PostgreSQL, halted', 'PostgreSQL, halted', 'PostgreSQL, halted']
const names = (Object.keys(victims) as Victim[]).filter((name) => !halts.includes(name))
const intact = { lost: noBreach, doubled: noBreach, phantom: noBreach }

/** Between two kills the clients get so many batches through: the point of the kill is somewhere in the work. */
const mostBatchesBetween = isLong ? 120 : 40

/** After the last of a long series they go on for so many, so that it is seen how late mails are when nothing is broken. */
const batchesInPeace = isLong ? 300 : 0

const acknowledgeMore = async (load: Load, batches: number): Promise<void> => {
  const wanted = load.acknowledged() + batches
  await until(
    async () => load.acknowledged(),
    (acknowledged) => acknowledged >= wanted,
    90_000,
  )
}

const killOnce = async (site: Site, load: Load, victim: Victim, dice: Dice): Promise<Trouble> => {
  await acknowledgeMore(load, 1 + dice.whole(mostBatchesBetween))
  const from = Date.now()
  await victims[victim](site, dice)
  await untilReady(site)
  expect(await compareLog(site)).toEqual(intact)
  return { from, to: Date.now() }
}

const killAll = async (kills: readonly Victim[], seed: number) => {
  const site = await startSite()
  const { witness, operation } = site
  const dice = createDice(seed)
  const { address } = witness
  const { writeKey } = operation
  const load = startLoad({ address, writeKey, seed, clients: 3, eventsPerBatch: 5, pauseMs: 40 })
  const troubles: Trouble[] = []
  for (const victim of kills) troubles.push(await killOnce(site, load, victim, dice))
  await acknowledgeMore(load, batchesInPeace)
  await load.stop()
  const { counts, ...found } = await compareWhenQuiet(site)
  const { counts: engaged, judged } = await compareEngagement({ ...site, troubles })
  tell('kills', { victims: [...new Set(kills)], kills: kills.length, seed, ...counts, ...engaged, ...found, ...judged })
  expect({ seed, ...found, judged }).toEqual({ seed, log: intact, clickhouse: intact, judged: conserved })
  // Nothing lost of nothing would prove nothing.
  expect(engaged.mails).toBeGreaterThan(kills.length)
  expect(counts.acknowledged).toBeGreaterThan(engaged.mails)
  expect(engaged.mustEnter).toBeGreaterThan(kills.length)
  expect(engaged.mustBeMailed).toBeGreaterThan(kills.length)
  expect(engaged.mustNotBeMailed.neverGave).toBeGreaterThan(0)
  expect(engaged.mustNotBeMailed.withdrew).toBeGreaterThan(0)
  expect(await site.server().stop()).toBe(0)
}

const series: readonly (readonly [string, readonly Victim[]])[] = isLong
  ? [
      ...names.map((name) => [`${name}, ${killsEach} times`, Array.from({ length: killsEach }, () => name)] as const),
      [`PostgreSQL, halted, ${halts.length} times`, halts],
    ]
  : [['each part, one after the other', names]]

describe('kill -9 under load: nothing acknowledged is lost, nothing stands twice, it is back by itself', () => {
  test.each(series)('%s', { timeout: 1_200_000 }, (_, kills) => killAll(kills, seedOfRun()))
})
