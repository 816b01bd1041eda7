import { fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { type Bench, verdict } from './bench.ts'
import { benchRules } from './bench-rules.ts'
import { type BenchServer, changesTold, everybodyKnown, firstTick, startBenchServer } from './bench-server.ts'
import { boundBy } from './bound-by.ts'
import { fillEvents, fillPeople } from './fill-people.ts'
import { batchBody } from './load-events.ts'

const loadReport = z.object({ acknowledged: z.int(), bytes: z.int(), refused: z.int(), done: z.boolean().optional() })
/** The generator pauses while more than this is waiting in any stage: a steady rate, not a filling log. Two big ticks' worth. */
const mostWaiting = 80_000
const aimEventsPerSecond = 10_000
const aimRatio = 0.015
const aimSizes = { people: 1_000_000, history: 20_000_000, rules: 50, seconds: 300 }

/** Events a second that are acknowledged, deduplicated, identified, projected and evaluated by live rules. */
export const ingest: Bench = async ({ quick, sizes, say }) => {
  const people = sizes.people ?? (quick ? 50_000 : aimSizes.people)
  const seconds = sizes.seconds ?? (quick ? 15 : aimSizes.seconds)
  // People who are known have a history: without one, everybody would enter a third of the segments at her first event.
  const events = sizes.events ?? people * 20
  const rules = sizes.rules ?? aimSizes.rules
  // Without rules nothing is evaluated; the last stage is then the projection.
  const lastStage = rules === 0 ? 'projection' : 'segments'
  const server = await startBenchServer(say)
  try {
    if (rules > 0) await firstTick(server)
    say(`filling ${people} people and ${events} events`)
    await fillPeople(server, people)
    await fillEvents(server, people, events)
    for (const rule of benchRules(rules)) await server.api('POST', '/v1/segments', rule)
    if (rules > 0) await everybodyKnown(server, say)
    const before = await countStored(server)
    const toldBefore = await changesTold(server)
    const handledBefore = await handledEvents(server, lastStage)
    say(`sending for ${seconds} s`)
    const cpuBefore = cpuSeconds(server)
    const started = performance.now()
    const sent = await sendLoad(server, { lastStage, people, seconds, handledBefore }, say)
    await settled(server, lastStage, handledBefore + sent.acknowledged)
    const elapsed = (performance.now() - started) / 1000
    const cpuSecondsByProcess = difference(cpuBefore, cpuSeconds(server))
    const figure = sent.acknowledged / elapsed
    const reference = parseOnly(people)
    const stored = (await countStored(server)) - before
    const told = (await changesTold(server)) - toldBefore
    return {
      name: 'ingest',
      figure: Math.round(figure),
      unit: 'events/s acknowledged, deduplicated, identified, projected, evaluated',
      reference: Math.round(reference),
      referenceName: 'events/s of JSON.parse alone, one thread, the same bodies',
      ratio: Number((figure / reference).toFixed(4)),
      aim: `>= ${aimEventsPerSecond} events/s, ratio >= ${aimRatio}`,
      ...verdict({
        sizes: { people, history: events, rules, seconds },
        aimSizes,
        wrong: {
          'requests were refused': sent.refused,
          'acknowledged events are missing in ClickHouse': Math.max(0, sent.acknowledged - stored),
          'events are in ClickHouse that were not acknowledged': Math.max(0, stored - sent.acknowledged),
        },
        reached: figure >= aimEventsPerSecond && figure / reference >= aimRatio,
      }),
      people,
      rules,
      seconds: Number(elapsed.toFixed(1)),
      history: events,
      events: sent.acknowledged,
      stored,
      refused: sent.refused,
      // Of everybody's memberships few are changed by an event: else people were not known, and entered everything.
      changesPerEvent: Number((told / Math.max(1, sent.acknowledged)).toFixed(2)),
      bytesPerEvent: Math.round(sent.bytes / Math.max(1, sent.acknowledged)),
      boundBy: boundBy(cpuSecondsByProcess, { seconds: elapsed, cores: cpus().length }),
      cpuSecondsByProcess,
    }
  } finally {
    await server.stop()
  }
}

const sendLoad = (
  server: BenchServer,
  {
    lastStage,
    people,
    seconds,
    handledBefore,
  }: { lastStage: string; people: number; seconds: number; handledBefore: number },
  say: (line: string) => void,
) =>
  new Promise<z.output<typeof loadReport>>((resolve, reject) => {
    const args = [server.address, server.writeKey, String(people), '6', String(seconds)]
    const child = fork(join(import.meta.dirname, 'ingest-load.ts'), args)
    let latest = { acknowledged: 0, bytes: 0, refused: 0 }
    let looking = false
    let lastSaid = 0
    child.on('message', async (message) => {
      const report = loadReport.parse(message)
      latest = report
      if (report.done) return resolve(report)
      if (looking) return
      looking = true
      const waiting = report.acknowledged + handledBefore - (await handledEvents(server, lastStage))
      child.send(waiting > mostWaiting ? 'hold' : 'go')
      if (Date.now() - lastSaid > 5_000) {
        lastSaid = Date.now()
        say(`${report.acknowledged} acknowledged, ${waiting} waiting`)
      }
      looking = false
    })
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve(latest) : reject(new Error(`The load generator ended with ${code}`)),
    )
  })

/** How many events lie at or below a stage's position. */
const handledEvents = async (server: BenchServer, stage: string): Promise<number> => {
  const { rows } = await server.owner.query<{ events: string | null }>(
    `select sum(event_count) as events from log_entry
     where position <= coalesce((select position from stage_position where stage = $1 and lane = 'live' and workspace_id = $2), 0)`,
    [stage, server.workspaceId],
  )
  return Number(rows[0]?.events ?? 0)
}

const settled = async (server: BenchServer, stage: string, events: number): Promise<void> => {
  while ((await handledEvents(server, stage)) < events) await new Promise((resolve) => setTimeout(resolve, 20))
}

const countStored = async (server: BenchServer): Promise<number> => {
  const [row] = await server.clickhouse.query<{ stored: number }>({
    sql: 'select count() as stored from event where workspace_id = {w:UUID}',
    params: { w: server.workspaceId },
  })
  return Number(row?.stored ?? 0)
}

/** The floor: what it costs one thread to do nothing but parse the same bytes. */
const parseOnly = (people: number): number => {
  const bodies = Array.from({ length: 200 }, (_, index) => batchBody(index * 100, 100, people, Date.now()).toString())
  let parsed = 0
  const started = performance.now()
  while (performance.now() - started < 1_500) {
    for (const body of bodies) parsed += JSON.parse(body).batch.length
  }
  return parsed / ((performance.now() - started) / 1000)
}

/**
 * User and system seconds so far by name: each part of the program with the processes it has started; what sends to it
 * (this process with those of its children that have ended); and whatever else this machine did, its kernel included.
 */
const cpuSeconds = (server: BenchServer): Readonly<Record<string, number>> => {
  const rows = readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? statOf(Number(entry)) : []))
  const own = (pid: number): number =>
    (rows.find((row) => row.pid === pid)?.seconds ?? 0) +
    rows.filter((row) => row.parent === pid).reduce((sum, row) => sum + own(row.pid), 0)
  const known = {
    ...Object.fromEntries(server.processes().map(({ name, pid }) => [name, own(pid)])),
    'load generator': rows.find((row) => row.pid === process.pid)?.seconds ?? 0,
  }
  const machine = cpus().reduce((sum, { times }) => sum + (times.user + times.nice + times.sys + times.irq) / 1000, 0)
  return { ...known, 'everything else': machine - Object.values(known).reduce((sum, seconds) => sum + seconds, 0) }
}

const statOf = (pid: number): readonly { pid: number; parent: number; seconds: number }[] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // utime, stime, and those of children already waited for, in ticks of 10 ms.
    return [
      {
        pid,
        parent: Number(fields[1]),
        seconds: [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) / 100,
      },
    ]
  } catch {
    return [] // a process that ended between two looks
  }
}

const difference = (before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, Number((value - (before[name] ?? 0)).toFixed(1))]),
  )
