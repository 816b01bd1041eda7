import { fork } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { type Bench, verdict } from './bench.ts'
import { benchRules } from './bench-rules.ts'
import { type BenchServer, changesTold, everybodyKnown, firstTick, startBenchServer } from './bench-server.ts'
import { fillEvents, fillPeople } from './fill-people.ts'
import { startSink } from './sink.ts'

const aimP95Ms = 1_000
const aimRates = [200, 1_000]
const aimSizes = { people: 1_000_000, events: 20_000_000, rules: 50, journeys: 20, seconds: 60, rates: aimRates.length }
const fromLoad = z.union([
  z.object({ key: z.string(), meantAt: z.number() }),
  z.object({ done: z.literal(true), sent: z.int(), failed: z.int() }),
])

/** From the instant an event was meant to be sent to its message complete at a local mail server. */
export const latency: Bench = async ({ quick, sizes, say }) => {
  const people = sizes.people ?? (quick ? 50_000 : aimSizes.people)
  const events = sizes.events ?? (quick ? 1_000_000 : aimSizes.events)
  const rules = sizes.rules ?? aimSizes.rules
  const journeys = sizes.journeys ?? aimSizes.journeys
  const seconds = sizes.seconds ?? (quick ? 10 : aimSizes.seconds)
  const rates = sizes.rate ? [sizes.rate] : aimRates
  const arrivals = new Map<string, number>()
  const sink = await startSink((key, at) => arrivals.set(key, arrivals.get(key) ?? at))
  const server = await startBenchServer(say, { BATON_EGRESS_ALLOW: `127.0.0.1:${sink.port}` })
  try {
    await server.api('PUT', '/v1/channels/email', {
      smtp: {
        host: '127.0.0.1',
        port: sink.port,
        security: 'none',
        user: null,
        from: { name: 'Bench', address: 'bench@shop.example' },
      },
    })
    await firstTick(server)
    say(`filling ${people} people and ${events} events`)
    await fillPeople(server, people)
    await fillEvents(server, people, events)
    for (const rule of benchRules(rules)) await server.api('POST', '/v1/segments', rule)
    await makeJourneys(server, journeys)
    await everybodyKnown(server, say)
    const toldBefore = await changesTold(server)
    const measured = []
    for (const [index, rate] of rates.entries()) {
      say(`${rate} events/s for ${seconds} s, a full recomputation in the middle`)
      measured.push(
        await measure(server, { people, rate, seconds, journeys, first: (index + 1) * 10_000_000 }, arrivals),
      )
    }
    const worst = measured.reduce((a, b) => (b.p95 > a.p95 ? b : a))
    const told = (await changesTold(server)) - toldBefore
    const reference = await roundTrip(server)
    return {
      name: 'latency',
      figure: worst.p95,
      unit: 'ms, p95, event meant to be sent → message complete at a local mail server',
      reference,
      referenceName: 'ms, p95 of one acknowledged event at rest (POST /v1/track)',
      ratio: Number((worst.p95 / reference).toFixed(2)),
      aim: `p95 <= ${aimP95Ms} ms`,
      ...verdict({
        sizes: { people, events, rules, journeys, seconds, rates: rates.length },
        aimSizes,
        wrong: {
          'events failed': sum(measured, ({ failed }) => failed),
          'messages are missing': sum(measured, ({ missing }) => missing),
        },
        reached: worst.p95 <= aimP95Ms,
      }),
      people,
      events,
      rules,
      journeys,
      changesPerEvent: Number((told / sum(measured, ({ sent }) => sent)).toFixed(2)),
      rates: measured,
    }
  } finally {
    await server.stop()
    await sink.stop()
  }
}

const makeJourneys = async (server: BenchServer, count: number): Promise<void> => {
  const template = await server.api<{ templateId: string }>('POST', '/v1/templates', {
    name: 'Bench',
    subject: '{{ event.key }} arrived',
    mjml: '<mjml><mj-body><mj-section><mj-column><mj-text>Hello {{ person.plan }}</mj-text></mj-column></mj-section></mj-body></mjml>',
    topic: 'service',
  })
  for (let n = 0; n < count; n += 1) {
    const draft = {
      entry: { kind: 'event', event: `Bench Trigger ${n}`, where: [], keyPath: 'key', reentry: 'never' },
      start: 'mail',
      steps: [
        {
          id: 'mail',
          kind: 'message',
          channel: 'email',
          topic: 'service',
          templateId: template.templateId,
          next: null,
        },
      ],
      phase: 'post-purchase',
      purpose: 'serve',
      messageDeadlineMs: 3_600_000,
      exitOnReply: true,
    }
    const { journeyId } = await server.api<{ journeyId: string }>('POST', '/v1/journeys', { name: `Bench ${n}`, draft })
    await server.api('POST', `/v1/journeys/${journeyId}/publish`)
  }
}

const measure = (
  server: BenchServer,
  load: { people: number; rate: number; seconds: number; journeys: number; first: number },
  arrivals: Map<string, number>,
) => {
  const meant = new Map<string, number>()
  const args = [server.address, server.writeKey, load.people, load.rate, load.seconds, load.journeys, load.first].map(
    String,
  )
  const child = fork(join(import.meta.dirname, 'latency-load.ts'), args)
  // A new rule makes everybody be looked at again, in the middle of the load.
  const middle = setTimeout(() => {
    void server.api('POST', '/v1/segments', { ...benchRules(1)[0], name: `Middle ${load.rate}` })
  }, load.seconds * 500)
  return new Promise<Measured>((resolve, reject) => {
    let ended: { sent: number; failed: number } | undefined
    child.on('message', (message) => {
      const said = fromLoad.parse(message)
      if ('key' in said) meant.set(said.key, said.meantAt)
      else ended = said
    })
    child.once('error', reject)
    child.once('close', async () => {
      clearTimeout(middle)
      if (!ended) return reject(new Error('The load generator ended early'))
      await waitFor(() => [...meant.keys()].every((key) => arrivals.has(key)), 60_000)
      const took = [...meant].flatMap(([key, at]) => {
        const arrived = arrivals.get(key)
        return arrived === undefined ? [] : [arrived - at]
      })
      resolve({
        rate: load.rate,
        ...ended,
        messages: meant.size,
        missing: meant.size - took.length,
        ...percentiles(took),
      })
    })
  })
}

interface Measured {
  readonly rate: number
  readonly sent: number
  readonly failed: number
  readonly messages: number
  /** Messages that did not arrive within a minute of the end. */
  readonly missing: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

const sum = (all: readonly Measured[], of: (one: Measured) => number): number =>
  all.reduce((total, one) => total + of(one), 0)

const percentiles = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

const waitFor = async (holds: () => boolean, mostMs: number): Promise<void> => {
  const until = performance.now() + mostMs
  while (!holds() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** One event at a time, nothing else going on: what the way in alone costs. */
const roundTrip = async (server: BenchServer): Promise<number> => {
  const took: number[] = []
  for (let n = 0; n < 200; n += 1) {
    const started = performance.now()
    await fetch(`${server.address}/v1/track`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${server.writeKey}` },
      body: JSON.stringify({ userId: 'user-1', event: 'Round Trip', messageId: `round-trip-${n}-${started}` }),
    })
    took.push(performance.now() - started)
  }
  const sorted = took.sort((a, b) => a - b)
  return Number((sorted[Math.floor(0.95 * sorted.length)] ?? 0).toFixed(1))
}
