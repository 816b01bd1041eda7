import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addWorkspace, type TestPipeline, testNow, testPipeline } from '../../../tests/harness/pipeline.ts'
import { dayMs, must, type PersonId } from '../kernel/index.ts'
import { createSegments, type Segments } from '../segments/index.ts'
import { createLifeCycle, followMasks, type LifeCycle, statesForPolicy } from './index.ts'

let pipeline: TestPipeline
let segments: Segments
let lifeCycle: LifeCycle
const audited: string[] = []
beforeAll(async () => {
  pipeline = await testPipeline(({ stores, clock, people }) => {
    segments = createSegments({
      ...stores,
      people,
      log: pino({ level: 'silent' }),
      domainNow: async () => clock.now(),
      consumers: [followMasks],
    })
    lifeCycle = createLifeCycle({
      ...stores,
      segments,
      people,
      workspaces: {
        get: async () => ({ currency: 'EUR' }),
        domainNow: async () => clock.now(),
        audit: async (_tx, entry) => {
          audited.push(entry.action)
        },
      },
    })
    return [segments.stage]
  })
  await lifeCycle.definition(pipeline.workspaceId)
  pipeline.runner.wake(pipeline.workspaceId, 'segments')
  await pipeline.runner.settle(pipeline.workspaceId)
})
afterAll(() => pipeline.stop())

let message = 0
const act = (userId: string, event: string, properties: object = {}) => {
  message += 1
  return {
    type: 'track',
    event,
    userId,
    messageId: `m${message}`,
    timestamp: new Date(pipeline.clock.now()).toISOString(),
    properties,
  }
}
const personOf = async (userId: string): Promise<PersonId> =>
  (await pipeline.people.find(pipeline.workspaceId, 'userId', userId)) ?? expect.fail(`no person ${userId}`)
const statesOf = async (userId: string) => {
  const personId = await personOf(userId)
  const standings = (await lifeCycle.standingsOf(pipeline.workspaceId, [personId])).get(personId) ?? []
  return Object.fromEntries(standings.map(({ track, state, atRisk }) => [track, atRisk ? `${state}!` : state]))
}
const settle = () => pipeline.runner.settle(pipeline.workspaceId)
const waitDays = async (days: number) => {
  pipeline.clock.moveBy(days * dayMs)
  await settle()
}

describe('the life cycle', () => {
  test('everybody is in exactly one state of each track from her first act', async () => {
    await pipeline.send(act('ann', 'Page Viewed'))
    expect(await statesOf('ann')).toEqual({ identity: 'anonymous', brand: 'aware', conversion: 'reached' })
    const view = await lifeCycle.view(pipeline.workspaceId)
    expect(view.people).toBe(1)
    for (const { states } of view.tracks) expect(states.reduce((sum, { count }) => sum + count, 0)).toBe(1)
    expect(view.tracks[0]?.states.find(({ state }) => state === 'customerized')?.missing).toMatch(/not collected yet/)
  })

  test('walks up by what she does: considering, buying, bought', async () => {
    await pipeline.send(act('bob', 'Product Viewed'), act('bob', 'Product Added', { cart_id: 'c1' }))
    expect(await statesOf('bob')).toMatchObject({ brand: 'considering', conversion: 'facilitated-buying' })
    const bob = await personOf('bob')
    const policy = await statesForPolicy(lifeCycle)(pipeline.workspaceId, [bob])
    expect(policy.get(bob)).toContain('conversion:facilitated-buying')
    await pipeline.send(act('bob', 'Order Completed', { order_id: 'o1', total: 50, currency: 'EUR' }))
    expect(await statesOf('bob')).toMatchObject({ brand: 'buyer', conversion: 'facilitated-buying' })
    await pipeline.send(act('bob', 'Order Delivered', { order_id: 'o1' }))
    expect(await statesOf('bob')).toMatchObject({ brand: 'buyer', conversion: 'bought' })
  })

  test('is Known with four of five fields and a verified address, until mail bounces', async () => {
    await pipeline.send({
      type: 'identify',
      userId: 'cid',
      messageId: 'cid-1',
      traits: { email: 'cid@example.com', firstName: 'Cid', lastName: 'Oak', locale: 'en' },
    })
    expect(await statesOf('cid')).toMatchObject({ identity: 'anonymous' })
    const before = await lifeCycle.person(pipeline.workspaceId, await personOf('cid'))
    const next = before?.tracks.find(({ track }) => track === 'identity')?.next
    expect(next?.state).toBe('known')
    expect(next?.missing.join()).toContain('Email Verified')
    await pipeline.send(act('cid', 'Email Verified'))
    expect(await statesOf('cid')).toMatchObject({ identity: 'known' })
    pipeline.clock.moveBy(1000)
    await pipeline.send(act('cid', 'Email Bounced'))
    expect(await statesOf('cid')).toMatchObject({ identity: 'anonymous' })
  })

  test('evidence that lapses by time leaves her at risk for a grace time, then she falls; to the day', async () => {
    await pipeline.send(act('dan', 'Form Submitted'))
    expect(await statesOf('dan')).toMatchObject({ conversion: 'responded' })
    const since = pipeline.clock.now()
    await waitDays(90)
    expect(await statesOf('dan')).toMatchObject({ conversion: 'responded!' })
    const view = await lifeCycle.view(pipeline.workspaceId)
    const responded = view.tracks
      .find(({ track }) => track === 'conversion')
      ?.states.find(({ state }) => state === 'responded')
    expect(responded).toMatchObject({ count: 1, atRisk: 1 })
    await waitDays(13.5)
    expect(await statesOf('dan')).toMatchObject({ conversion: 'responded!' })
    await waitDays(10)
    expect(await statesOf('dan')).toMatchObject({ conversion: 'reached' })
    const dan = await lifeCycle.person(pipeline.workspaceId, await personOf('dan'))
    expect(dan?.history[0]).toMatchObject({ from: 'responded', to: 'reached', at: since + 104 * dayMs, cause: 'time' })
  })

  test('lost after 180 days without an order, won back by the next one', async () => {
    await pipeline.send(act('eve', 'Order Completed', { order_id: 'e1', total: 20 }), act('eve', 'Order Delivered'))
    await waitDays(181)
    expect(await statesOf('eve')).toMatchObject({ conversion: 'lost', brand: 'buyer' })
    await pipeline.send(act('eve', 'Order Completed', { order_id: 'e2', total: 20 }))
    expect(await statesOf('eve')).toMatchObject({ conversion: 'won-back' })
    await waitDays(100)
    await pipeline.send(act('eve', 'Order Completed', { order_id: 'e3', total: 20 }))
    await waitDays(81)
    expect(await statesOf('eve')).toMatchObject({ conversion: 'bought', brand: 'loyal' })
  })

  test('an open complaint estranges until it is resolved', async () => {
    await pipeline.send(act('fay', 'Complaint Opened'))
    expect(await statesOf('fay')).toMatchObject({ brand: 'estranged' })
    pipeline.clock.moveBy(1)
    await pipeline.send(act('fay', 'Complaint Resolved'))
    expect(await statesOf('fay')).toMatchObject({ brand: 'aware' })
  })

  test('counts, flows, lists and standings agree, merged people counted once', async () => {
    await pipeline.send(
      { ...act('', 'Product Viewed'), userId: undefined, anonymousId: 'x-1' },
      act('gil', 'Page Viewed'),
    )
    await pipeline.send({ type: 'identify', userId: 'gil', anonymousId: 'x-1', messageId: 'gil-x' })
    const { workspaceId, stores, clock } = pipeline
    const view = await lifeCycle.view(workspaceId)
    const people = await stores.admin<{ count: string }>(
      'select count(distinct person_id) as count from subject where workspace_id = $1',
      [workspaceId],
    )
    expect(view.people).toBe(Number(people[0]?.count))
    for (const { track, states } of view.tracks) {
      const flows = await lifeCycle.flows(workspaceId, { track, from: testNow - 1, to: clock.now() })
      for (const { state, count } of states) {
        const inFlows = flows.filter(({ to }) => to === state).reduce((sum, each) => sum + each.people, 0)
        const listed = await lifeCycle.peopleIn(
          workspaceId,
          { track, state, atRisk: null },
          { after: null, limit: 100 },
        )
        expect([track, state, inFlows, listed.length]).toEqual([track, state, count, count])
      }
    }
    const worth = await lifeCycle.flows(workspaceId, { track: 'conversion', from: testNow - 1, to: clock.now() })
    expect(worth.reduce((sum, { valueMinor }) => sum + valueMinor, 0)).toBe(5000 + 3 * 2000)
  })

  test('a state that is taken out lets its people fall, one that is added takes them up', async () => {
    const { workspaceId } = pipeline
    const { version, updatedAt: _, ...definition } = await lifeCycle.definition(workspaceId)
    const without = {
      ...definition,
      tracks: definition.tracks.map((track) =>
        track.track === 'brand' ? { ...track, states: track.states.filter(({ state }) => state !== 'buyer') } : track,
      ),
    }
    await lifeCycle.redefine(workspaceId, without, 'test')
    pipeline.runner.wake(workspaceId, 'segments')
    await settle()
    expect(await statesOf('bob')).toMatchObject({ brand: 'aware' })
    await lifeCycle.redefine(workspaceId, definition, 'test')
    pipeline.runner.wake(workspaceId, 'segments')
    await settle()
    expect(await statesOf('bob')).toMatchObject({ brand: 'buyer' })
    expect((await lifeCycle.definition(workspaceId)).version).toBe(version + 2)
    expect(audited).toEqual(['life-cycle.redefined', 'life-cycle.redefined'])
    const reversed = {
      ...definition,
      tracks: definition.tracks.map((track) =>
        track.track === 'brand'
          ? { ...track, states: [...track.states.slice(0, 1), ...track.states.slice(1).reverse()] }
          : track,
      ),
    }
    await expect(lifeCycle.redefine(workspaceId, reversed, 'test')).rejects.toThrow(/order of states/)
  })
})

/** Lehmer's generator: the same numbers every time. */
const numbersFrom = (seed: number) => {
  let state = seed
  return (most: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % most
  }
}
interface MadeOrder {
  readonly userId: string
  readonly orderId: string
  readonly day: number
}
const orderEvent = (name: string, { userId, orderId, day }: MadeOrder, hour: number, revenue = 10) => ({
  type: 'track',
  event: name,
  userId,
  messageId: `${orderId}-${name}`,
  timestamp: new Date((day * 24 + hour) * 3_600_000).toISOString(),
  properties: { order_id: orderId, revenue, currency: 'EUR' },
})

test('after how long somebody is lost is proposed by the gaps between the kept orders of this business', async () => {
  const { stores, collect, runner, clock } = pipeline
  const workspaceId = await addWorkspace(stores, clock.now())
  const today = Math.floor(clock.now() / dayMs)
  const below = numbersFrom(7)
  const fates = ['kept', 'kept', 'kept', 'returned in part', 'returned', 'cancelled'] as const
  const ends = {
    'returned in part': ['Order Refunded', 4],
    returned: ['Order Refunded', 10],
    cancelled: ['Order Cancelled', 10],
  } as const
  const orders = Array.from({ length: 40 }, (_, person) =>
    Array.from({ length: 1 + below(5) }, (_unused, number) => ({
      userId: `p${person}`,
      orderId: `o${person}-${number}`,
      day: today - 20 - below(300),
      fate: must(fates[below(fates.length)], 'it is below the length'),
    })),
  ).flat()
  const events = orders.flatMap((order) => {
    const end = order.fate === 'kept' ? null : ends[order.fate]
    return [orderEvent('Order Completed', order, 9), ...(end ? [orderEvent(end[0], order, 10, end[1])] : [])]
  })
  // Returns of orders never seen, each an order of its own that nobody placed.
  const loose = Array.from({ length: 40 }, (_, person) =>
    orderEvent('Order Refunded', { userId: `p${person}`, orderId: `r${person}`, day: today - 5 - below(300) }, 11),
  )
  await collect.appendEvents(workspaceId, 'live', [...events, ...loose], { source: 'test' })
  await runner.settle(workspaceId)

  const kept = orders.filter(({ fate }) => fate === 'kept' || fate === 'returned in part')
  const gapsOf = (userId: string) => {
    const days = [...new Set(kept.filter((order) => order.userId === userId).map(({ day }) => day))].sort(
      (a, b) => a - b,
    )
    return days.slice(1).map((day, index) => day - (days[index] ?? 0))
  }
  const byPerson = Array.from({ length: 40 }, (_, person) => gapsOf(`p${person}`))
  const gaps = byPerson.flat().sort((a, b) => a - b)
  const within = (share: number) => gaps[Math.ceil(gaps.length * share) - 1]
  const { gaps: found, lostAfterDays, suggestedDays } = await lifeCycle.lostAfter(workspaceId)
  expect(found).toEqual({
    gaps: gaps.length,
    people: byPerson.filter(({ length }) => length > 0).length,
    historyDays: today - Math.min(...kept.map(({ day }) => day)),
    median: within(0.5),
    p90: within(0.9),
    p95: within(0.95),
  })
  expect(gaps.length).toBeGreaterThan(30)
  expect([lostAfterDays, suggestedDays]).toEqual([180, (within(0.9) ?? 0) * 2 > found.historyDays ? null : within(0.9)])
})

test('who is Buyer, Loyal or Lost is who kept an order, as equity has it; guests are neither', async () => {
  const { stores, collect, runner, clock } = pipeline
  const workspaceId = await addWorkspace(stores, clock.now())
  await lifeCycle.definition(workspaceId)
  const today = Math.floor(clock.now() / dayMs)
  const below = numbersFrom(7)
  const userIds = Array.from({ length: 60 }, (_, person) => `p${person}`)
  const orders = userIds.flatMap((userId) =>
    Array.from({ length: 1 + below(5) }, (_unused, number) => ({
      userId,
      orderId: `${userId}-${number}`,
      day: today - 20 - below(300),
      isCancelled: below(5) === 0,
    })),
  )
  const events = orders.flatMap((order) => [
    orderEvent('Order Completed', order, 9),
    ...(order.isCancelled ? [orderEvent('Order Cancelled', order, 10)] : []),
  ])
  const guests = Array.from({ length: 5 }, (_, guest) => {
    const order = orderEvent('Order Completed', { userId: '', orderId: `g${guest}`, day: today - 70 * guest }, 9)
    const anonymousId = `guest:shop:g${guest}`
    const known = { type: 'identify', anonymousId, messageId: `${anonymousId} is one`, traits: { guest: true } }
    return [known, { ...order, userId: undefined, anonymousId }]
  }).flat()
  await collect.appendEvents(workspaceId, 'live', [...events, ...guests], { source: 'test' })
  await lifeCycle.loseAfter(workspaceId, 30, 'user:test')
  runner.wake(workspaceId, 'segments')
  await runner.settle(workspaceId)

  const kept = orders.filter(({ isCancelled }) => !isCancelled)
  const daysOf = (userId: string) => kept.filter((order) => order.userId === userId).map(({ day }) => day)
  const people = userIds.map(daysOf)
  const isLost = (days: readonly number[]) =>
    days.length > 0 && (Math.max(...days) * 24 + 9) * 3_600_000 <= clock.now() - 30 * dayMs
  const view = await lifeCycle.view(workspaceId)
  const states = view.tracks.flatMap((track) => track.states)
  const countOf = (wanted: string) => states.find(({ state }) => state === wanted)?.count
  expect({
    none: countOf('aware'),
    buyer: countOf('buyer'),
    loyal: countOf('loyal'),
    bought: countOf('bought'),
    lost: countOf('lost'),
  }).toEqual({
    none: people.filter(({ length }) => length === 0).length + 5,
    buyer: people.filter(({ length }) => length > 0 && length < 3).length,
    loyal: people.filter(({ length }) => length >= 3).length,
    bought: people.filter((days) => days.length > 0 && !isLost(days)).length,
    lost: people.filter(isLost).length,
  })
  expect(states.find(({ state }) => state === 'lost')?.meaning).toContain('30 days')
})

test('a business chooses the traits that make a record Known; everybody is counted again by them', async () => {
  const { workspaceId } = pipeline
  const identify = (userId: string, traits: object) => ({ type: 'identify', userId, messageId: `${userId}-t`, traits })
  await pipeline.send(
    identify('firm', { email: 'firm@example.com', company: 'Oak & Sons' }),
    act('firm', 'Email Verified'),
    identify('her', { email: 'her@example.com', firstName: 'Her', lastName: 'Elm', locale: 'en' }),
    act('her', 'Email Verified'),
  )
  expect([await statesOf('firm'), await statesOf('her')]).toMatchObject([
    { identity: 'anonymous' },
    { identity: 'known' },
  ])
  const chosen = await lifeCycle.needTraits(workspaceId, ['email', 'company'], 'user:test')
  expect(chosen.neededTraits).toEqual(['email', 'company'])
  pipeline.runner.wake(workspaceId, 'segments')
  await settle()
  expect([await statesOf('firm'), await statesOf('her')]).toMatchObject([
    { identity: 'known' },
    { identity: 'anonymous' },
  ])
  expect(audited.at(-1)).toBe('life-cycle.redefined')
})
