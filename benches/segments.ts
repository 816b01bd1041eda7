import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pino from 'pino'
import { type Rule, rule as ruleSchema } from '../contract/src/index.ts'
import type { Turn } from '../server/src/jobs/index.ts'
import { brandAs, type PersonId, type Position, type SubjectId, type WorkspaceId } from '../server/src/kernel/index.ts'
import type { PeopleBatch, PersonEvent } from '../server/src/people/index.ts'
import { findDifferences } from '../server/src/segments/find-differences.ts'
import { createSegments } from '../server/src/segments/index.ts'
import { hasSlot } from '../server/src/segments/mask.ts'
import { loadRules } from '../server/src/segments/rule-store.ts'
import { slottedRules } from '../server/src/segments/rule-versions.ts'
import {
  type ClickHouse,
  createClickHouse,
  createPostgres,
  migrate,
  type Postgres,
  silentLog,
  startClickHouse,
  startPostgres,
} from '../server/src/stores/index.ts'
import { type Bench, verdict } from './bench.ts'
import { benchRules } from './bench-rules.ts'
import { handWritten } from './segments-by-hand.ts'
import {
  addEvents,
  addHeavyPerson,
  fillSegmentsData,
  type NewFact,
  newFactProperties,
  type SegmentsData,
} from './segments-data.ts'

const aimSizes = { people: 1_000_000, events: 20_000_000, rules: 50, changed: 5_000 }

/**
 * The tick at size: all rules for everybody, and for the five thousand who just did something; both with the difference
 * to the masks before and its durable write, through the stage itself. The reference is each rule alone by its best
 * hand-written SQL, one after another, on the same tables and threads.
 */
export const segments: Bench = async ({ quick, sizes, say }) => {
  const people = sizes.people ?? (quick ? 50_000 : aimSizes.people)
  const events = sizes.events ?? (quick ? 1_000_000 : aimSizes.events)
  const ruleCount = sizes.rules ?? aimSizes.rules
  const tickPeople = Math.min(sizes.changed ?? aimSizes.changed, people)
  const engines = await startEngines()
  try {
    const { clickhouse } = engines
    const workspaceId = randomUUID() as WorkspaceId
    const until = Date.UTC(2026, 9, 1)
    const data: SegmentsData = { workspaceId, people, events, until }
    await engines.owner(workspaceId)
    say(`filling ${people} people and ${events} events`)
    await fillSegmentsData(clickhouse, data)
    const heavyEvents = Math.floor(events / 20)
    const heavy = await addHeavyPerson(clickhouse, data, { events: heavyEvents, batch: 1 })
    const bench = await prepare(engines, data, ruleCount)

    say('first masks')
    await bench.recount(until, 1, nobody)
    const full: number[] = []
    const changedInFull: number[] = []
    for (let round = 0; round < (quick ? 2 : 3); round += 1) {
      const { ms, changed } = await bench.recount(until + (round + 1) * 1000, 1, oneInAHundred(round))
      full.push(ms)
      changedInFull.push(changed)
      say(`full recomputation: ${ms.toFixed(0)} ms, ${changed} changes`)
    }
    const big = await bench.recount(until + 10_000, 1, manyInAHundred)
    say(`full recomputation for a segment of ${big.changed} people: ${big.ms.toFixed(0)} ms`)
    let batch = 10
    let at = until + 60_000
    const ticks = async (
      label: string,
      rounds: number,
      acts: Pick<Parameters<typeof addEvents>[2], 'actEvery' | 'others'>,
      besides: readonly NewFact[] = [],
    ) => {
      const ms: number[] = []
      const changes: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        if (label === coldTick) await bench.forget()
        batch += 1
        at += 1000
        const facts = await addEvents(clickhouse, data, { people: tickPeople, at, batch, seed: batch, ...acts })
        const done = await bench.tick([...facts, ...besides], at, batch)
        ms.push(done.ms)
        changes.push(done.changed)
        say(`${label} of ${facts.length}: ${done.ms.toFixed(0)} ms, ${done.changed} changes`)
      }
      return { ms, changes }
    }
    // A minute of time passed since the last one: windows that closed meanwhile are not part of the figure.
    const asked = 'Product List Viewed'
    const cold = await ticks(coldTick, 3, { actEvery: 100, others: asked })
    say('reading ahead')
    await bench.readAhead(at)
    await ticks('first tick', 2, { actEvery: 100, others: asked })
    const tick = await ticks('tick', 7, { actEvery: 100, others: asked })
    const busy = await ticks('tick in which everybody acts', 3, { actEvery: 1, others: asked })
    const unasked = await ticks('tick of views that no rule asks about', 3, { actEvery: 100, others: 'Page Viewed' })
    const withHeavy = await ticks(`tick with somebody of ${heavyEvents} events`, 3, { actEvery: 100, others: asked }, [
      { personId: heavy, name: 'Product Viewed' },
    ])
    const left = await bench.differences(at, batch)
    say(`incremental against full: ${left} people differ`)
    say('each rule by hand')
    const byHand = await timeByHand(clickhouse, bench.rules, { workspaceId, now: at, batch })
    const fullMs = median(full)
    const tickMs = median(tick.ms)
    const countsDiffer = byHand.counts.filter((count, index) => count !== bench.counts()[index]).length
    return {
      name: 'segments',
      figure: Math.round(fullMs),
      unit: 'ms',
      reference: Math.round(byHand.totalMs),
      referenceName: `${ruleCount} rules each by hand-written SQL, one after another`,
      ratio: fullMs / byHand.totalMs,
      aim: 'full ≤ 3000 ms, tick of 5,000 ≤ 300 ms, incremental equals full',
      ...verdict({
        sizes: { people, events, rules: ruleCount, changed: tickPeople },
        aimSizes,
        wrong: { 'people differ between incremental and full': left, 'rules count other people by hand': countsDiffer },
        reached: fullMs <= 3000 && tickMs <= 300,
      }),
      people,
      events,
      rules: ruleCount,
      mergedPeople: Math.floor(people / 10),
      fullMs: full.map(Math.round),
      fullChanges: changedInFull,
      bigSegmentMs: Math.round(big.ms),
      bigSegmentChanges: big.changed,
      tickPeople,
      tickMs: Math.round(tickMs),
      coldTickMs: cold.ms.map(Math.round),
      tickAllMs: tick.ms.map(Math.round),
      tickChanges: tick.changes,
      busyTickMs: busy.ms.map(Math.round),
      busyTickChanges: busy.changes,
      unaskedTickMs: unasked.ms.map(Math.round),
      unaskedTickChanges: unasked.changes,
      heavyEvents,
      heavyTickMs: withHeavy.ms.map(Math.round),
      incrementalDiffers: left,
      countsDiffer,
      boundBy:
        'full: reading and grouping the events, memory bandwidth of two cores; tick: writing it down; cold tick (nobody remembered): seeking the events',
    }
  } finally {
    await engines.stop()
  }
}

/** Another one in a hundred each time: of those of one age (one in sixty) who began to pay in ninety days (63 in a hundred). */
const oneInAHundred = (round: number): Rule => ({
  kind: 'and',
  of: [
    { kind: 'trait', path: 'age', is: 'equals', value: 30 + round },
    {
      kind: 'event-count',
      event: 'Checkout Started',
      where: [],
      window: { lastMs: 90 * 24 * 3_600_000 },
      is: 'at-least',
      value: 1,
    },
  ],
})
const manyInAHundred: Rule = { kind: 'trait', path: 'plan', is: 'equals', value: 'plus' }
const nobody: Rule = { kind: 'trait', path: 'age', is: 'at-least', value: 1_000 }

const coldTick = 'tick of people who are not remembered'

interface Engines {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  owner(workspaceId: WorkspaceId): Promise<void>
  stop(): Promise<void>
}

const startEngines = async (): Promise<Engines> => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-segments-'))
  chmodSync(folder, 0o711)
  const postgresEngine = await startPostgres({ folder: join(folder, 'postgres'), log: silentLog })
  const clickhouseEngine = await startClickHouse({ folder: join(folder, 'clickhouse'), log: silentLog })
  const clickhouse = createClickHouse({ url: clickhouseEngine.url })
  await migrate({ ownerUrl: postgresEngine.ownerUrl, appUrl: postgresEngine.appUrl, clickhouse, log: silentLog })
  const postgres = createPostgres({ url: postgresEngine.appUrl, connections: 8, name: 'bench' })
  return {
    postgres,
    clickhouse,
    owner: async (workspaceId) => {
      await postgres.inGlobal(async (tx) => {
        await sql`insert into workspace (workspace_id, name, currency, time_zone, created_at)
          values (${workspaceId}, 'Bench', 'EUR', 'UTC', 0)`.execute(tx)
        await sql`insert into lease (name, holder, token, expires_at) values ('bench', 'bench', 1, 9e15)`.execute(tx)
      })
    },
    stop: async () => {
      await postgres.close()
      await clickhouse.close()
      await clickhouseEngine.stop()
      await postgresEngine.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The stage with a feed in our hands: it is told who changed, as the people stage would tell it. */
const prepare = async ({ postgres, clickhouse }: Engines, { people, ...data }: SegmentsData, ruleCount: number) => {
  const workspaceId = brandAs<WorkspaceId>(data.workspaceId)
  let projected = { batch: 1, live: 1 as Position, bulk: 0 as Position }
  let waiting: PeopleBatch | null = null
  const segments = createSegments({
    postgres,
    clickhouse,
    log: pino({ level: 'silent' }),
    domainNow: async () => 0,
    people: {
      feed: {
        after: async (_, lane, position) =>
          lane === 'live' && waiting !== null && waiting.position > position ? [waiting] : [],
      },
      projected: async () => projected,
      personsOf: async (_, subjects) => new Map(subjects.map((id) => [id, String(id) as PersonId])),
      hasAnybody: async () => false,
      get: async () => new Map(),
    },
    // Everybody is one slice here: the figure is that of a whole recomputation.
    sliceSize: people + 1,
  })
  const rules: readonly Rule[] = benchRules(ruleCount).map(({ rule }) => ruleSchema.parse(rule))
  const puts = rules.map((rule, index) => ({ ruleKey: `bench:${index}`, ownerKind: 'segment' as const, rule }))
  let seen = 0

  let token = 1
  const turn = (now: number): Turn => ({
    workspaceId,
    lane: 'live',
    now,
    lease: { name: 'bench', token },
    signal: new AbortController().signal,
  })
  const changesSince = async (): Promise<number> => {
    let count = 0
    for (;;) {
      const read = await segments.changesAfter(workspaceId, seen, 50_000)
      if (read.length === 0) return count
      count += read.length
      seen = read.at(-1)?.seq ?? seen
    }
  }
  /** As after a restart: what a tick knows of people is gone with the lease. */
  const forget = async (): Promise<void> => {
    token += 1
    await postgres.inGlobal((tx) => sql`update lease set token = ${token} where name = 'bench'`.execute(tx))
  }
  const edit = (rule: Rule, now: number) =>
    postgres.inWorkspace(workspaceId, (tx) =>
      segments.putRules(tx, workspaceId, [{ ruleKey: 'bench:edited', ownerKind: 'segment', rule }], now),
    )
  const isRecounting = async (): Promise<boolean> => {
    const { rows } = await postgres.inWorkspace(workspaceId, (tx) =>
      sql<{ under_way: boolean }>`select recount is not null as under_way from segment_tick
        where workspace_id = ${workspaceId}`.execute(tx),
    )
    return rows[0]?.under_way === true
  }
  const timed = async (now: number): Promise<number> => {
    const started = performance.now()
    await segments.stage.turn(turn(now))
    return performance.now() - started
  }

  // A first tick of nobody, so that the rules are counted and not taken as live from the beginning.
  waiting = { ...emptyBatch(workspaceId), position: 1 as Position }
  await segments.stage.turn(turn(1))
  // Where facts came within the last second a recount goes beside the ticks; the figure is that of one alone.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await postgres.inWorkspace(workspaceId, (tx) => segments.putRules(tx, workspaceId, puts, 1))
  let counts: readonly number[] = []

  return {
    rules,
    counts: () => counts,
    /**
     * All rules for everybody, as after the edit of a segment that held nobody: until everybody is looked at, whoever is
     * in it now has entered, and both is written down.
     */
    recount: async (now: number, batch: number, edited: Rule) => {
      // As after a restart: nothing that is remembered helps.
      await forget()
      projected = { ...projected, batch }
      await edit(edited, now)
      await changesSince()
      let ms = 0
      do ms += await timed(now)
      while (await isRecounting())
      const changed = await changesSince()
      await edit(nobody, now)
      while ((await segments.stage.turn(turn(now))).handled > 0);
      await changesSince()
      return { ms, changed }
    },
    tick: async (facts: readonly NewFact[], now: number, batch: number) => {
      const position = (projected.live + 1) as Position
      waiting = {
        ...emptyBatch(workspaceId),
        position,
        receivedAt: now,
        events: facts.map((fact, index) => eventOf(fact, `${batch}-${index}`, now)),
        personOf: new Map(facts.map(({ personId }) => [personId as SubjectId, personId as PersonId])),
        changedPersons: [...new Set(facts.map(({ personId }) => personId as PersonId))],
      }
      projected = { ...projected, batch, live: position }
      const ms = await timed(now)
      return { ms, changed: await changesSince() }
    },
    forget,
    /** Until everybody is remembered, or as many as there is room for. */
    readAhead: async (now: number) => {
      while ((await segments.stage.turn(turn(now))).more);
    },
    differences: async (now: number, batch: number): Promise<number> => {
      const versions = await postgres.inWorkspace(workspaceId, (tx) => loadRules(tx, workspaceId))
      const { differences } = await findDifferences(clickhouse, slottedRules(versions), {
        workspaceId,
        now,
        batch,
        scope: { kind: 'everybody' },
      })
      const { byRule } = await segments.counts(
        workspaceId,
        puts.map(({ ruleKey }) => ruleKey),
      )
      counts = puts.map(({ ruleKey }) => byRule.get(ruleKey) ?? 0)
      // Of a slot that no version holds any more, bits stay until somebody is looked at again.
      const held = versions.map(({ slot }) => slot)
      return differences.filter(({ words, oldWords }) =>
        held.some((slot) => hasSlot(words, slot) !== hasSlot(oldWords, slot)),
      ).length
    },
  }
}

const eventOf = ({ personId, name }: NewFact, messageId: string, at: number): PersonEvent => ({
  messageId,
  type: 'track',
  name,
  subjectId: personId as SubjectId,
  occurredAt: at,
  receivedAt: at,
  historic: false,
  properties: newFactProperties,
  context: {},
})

const emptyBatch = (workspaceId: WorkspaceId): PeopleBatch => ({
  workspaceId,
  lane: 'live',
  position: 0 as Position,
  receivedAt: 1,
  events: [],
  personOf: new Map(),
  changedPersons: [],
  reshapedPersons: [],
  orderIds: [],
})

const timeByHand = async (
  clickhouse: ClickHouse,
  rules: readonly Rule[],
  { workspaceId, now, batch }: { workspaceId: string; now: number; batch: number },
): Promise<{ totalMs: number; counts: readonly number[] }> => {
  let totalMs = 0
  const counts: number[] = []
  for (const rule of rules) {
    const started = performance.now()
    const rows = await clickhouse.query<{ people: number }>({
      sql: `select toUInt64(count()) as people from (${handWritten(rule, now)})`,
      params: { w: workspaceId, batch },
      settings: { union_default_mode: 'DISTINCT' },
      pool: 'tick',
    })
    totalMs += performance.now() - started
    counts.push(rows[0]?.people ?? 0)
  }
  return { totalMs, counts }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
