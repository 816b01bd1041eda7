import type { Rule } from '@baton/contract'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../tests/harness/app.ts'
import { addWorkspace, type TestPipeline, testPipeline } from '../../../tests/harness/pipeline.ts'
import { newId, systemClock } from '../kernel/index.ts'
import { createPolicy, createPolicyStage } from '../policy/index.ts'
import { createSegmentDesk, createSegments, type Segments, segmentRoutes } from './index.ts'

let pipeline: TestPipeline
let segments: Segments
let baton: TestApp
let key: { readonly authorization: string }
let reader: { readonly authorization: string }
beforeAll(async () => {
  pipeline = await testPipeline(({ stores, clock, people }) => {
    segments = createSegments({
      ...stores,
      people,
      log: pino({ level: 'silent' }),
      domainNow: async () => clock.now(),
    })
    return [segments.stage, createPolicyStage({ ...stores, clock, feed: people.feed })]
  })
  const { stores, clock, people, workspaceId } = pipeline
  const domainNow = async () => clock.now()
  const policy = createPolicy({
    ...stores,
    people,
    standing: { statesOf: async () => new Map() },
    workspaces: {
      domainNow,
      get: (asked) => baton.workspaces.get(asked),
      audit: (...entry) => baton.workspaces.audit(...entry),
    },
  })
  const desk = createSegmentDesk({
    journeyNames: async () => new Map(),
    reachableByEmail: policy.reachableByEmail,
    askedForReach: 8,
    ...stores,
    clock: systemClock,
    segments,
    people,
    domainNow,
    audit: (tx, entry) => baton.workspaces.audit(tx, entry),
  })
  baton = await testApp(stores, { rooms: [segmentRoutes({ desk, postgres: stores.postgres })] })
  key = await baton.as(workspaceId, 'conductor')
  reader = await baton.as(workspaceId, 'finance')
  await pipeline.send(
    ...['ann', 'bob', 'cid'].flatMap((userId, index) => [
      {
        type: 'identify',
        userId,
        messageId: `i-${userId}`,
        traits: { name: userId, marketing_consent: true, ...(index < 2 ? { email: `${userId}@example.com` } : {}) },
      },
      ...Array.from({ length: index + 1 }, (_, each) => ({
        type: 'track',
        event: 'Order Completed',
        userId,
        messageId: `o-${userId}-${each}`,
        properties: { total: 10 * (each + 1) },
      })),
    ]),
    { type: 'track', event: 'Email Bounced', userId: 'bob', messageId: 'bounce' },
  )
})
afterAll(() => pipeline.stop())

const call = async (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  payload?: object,
  headers: object = key,
) => {
  const answer = await baton.app.inject({
    method,
    url,
    headers: { ...headers },
    ...(payload === undefined ? {} : { payload }),
  })
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
}
const orders = (value: number): Rule => ({
  kind: 'event-count',
  event: 'Order Completed',
  where: [],
  is: 'at-least',
  value,
})
const settle = async () => {
  pipeline.runner.wake(pipeline.workspaceId, 'segments')
  await pipeline.runner.settle(pipeline.workspaceId)
}

describe('segments over HTTP', () => {
  test('a preview counts the rule and each of its conditions, who can be reached, and ten of them', async () => {
    const rule: Rule = {
      kind: 'and',
      of: [orders(1), { kind: 'not', of: { kind: 'trait', path: 'name', is: 'equals', value: 'cid' } }],
    }
    const { status, body } = await call('POST', '/v1/segments/preview', { rule })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      count: 2,
      total: 3,
      perCondition: [
        { path: '', count: 2 },
        { path: '0', count: 3 },
        { path: '1', count: 2 },
        { path: '1.0', count: 1 },
      ],
      reachable: { email: 1, asked: 2 },
      entering: 2,
      leaving: 0,
    })
    expect(body.examples.map((each: { label: string }) => each.label).sort()).toEqual(['ann', 'bob'])
  })

  test('a segment is saved, counted, listed, edited with a preview of who comes and goes, and explained', async () => {
    const saved = await call('POST', '/v1/segments', { name: 'Regulars', rule: orders(2) })
    expect(saved.status).toBe(201)
    await settle()
    const { segmentId } = saved.body
    const found = await call('GET', `/v1/segments/${segmentId}`)
    expect(found.body).toMatchObject({ name: 'Regulars', count: 2, state: 'live', version: 1, usedBy: [] })
    const edit = await call('POST', '/v1/segments/preview', { rule: orders(3), segmentId })
    expect(edit.body).toMatchObject({ count: 1, entering: 0, leaving: 1 })
    await call('PUT', `/v1/segments/${segmentId}`, { name: 'Regulars', rule: orders(3) })
    await settle()
    const members = await call('GET', `/v1/segments/${segmentId}/members?limit=1`)
    expect(members.body).toMatchObject({ items: [{ label: 'cid' }], next: null })
    const changes = await call('GET', `/v1/segments/${segmentId}/changes`)
    expect(changes.body.items[0]).toMatchObject({ label: 'bob', entered: false, cause: 'rule-changed', version: 2 })
    const later = await call('GET', `/v1/segments/${segmentId}/changes?from=${changes.body.items[0].at + 1}&limit=200`)
    expect(later).toMatchObject({ status: 200, body: { items: [], next: null } })
    const bob = await pipeline.people.find(pipeline.workspaceId, 'userId', 'bob')
    const why = await call('GET', `/v1/people/${bob}/segments/${segmentId}/why`)
    expect(why.body).toMatchObject({
      holds: false,
      member: false,
      trace: { sentence: 'Order Completed: at least 3 times', holds: false },
    })
    expect(why.body.trace.saw).toMatch(/^2 times, the last at /)
    expect((await call('GET', '/v1/segments?search=regul')).body.items).toHaveLength(1)
  })

  test('an edit of what somebody changed meanwhile is refused, with who it was; also two at once', async () => {
    const { body: read } = await call('POST', '/v1/segments', { name: 'Edited by two', rule: orders(7) })
    const edit = (name: string) =>
      call('PUT', `/v1/segments/${read.segmentId}`, { name, rule: orders(7), expectedUpdatedAt: read.updatedAt })
    const both = await Promise.all([edit('By one'), edit('By the other')])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const made = both.find(({ status }) => status === 200)?.body
    const refused = both.find(({ status }) => status === 409)?.body
    expect(refused.error).toMatchObject({ code: 'conflict', details: { changedAt: made.updatedAt } })
    expect(made.updatedAt).toBeGreaterThan(read.updatedAt)
    expect((await call('GET', `/v1/segments/${read.segmentId}`)).body).toMatchObject({ name: made.name })
    expect((await call('PUT', `/v1/segments/${read.segmentId}`, { name: 'By whoever', rule: orders(7) })).status).toBe(
      200,
    )
    expect((await call('DELETE', `/v1/segments/${read.segmentId}`)).status).toBe(204)
    expect((await edit('Of the trash')).status).toBe(404)
  })

  test('says what is wrong: a taken name, a bad path, an unknown segment, one that others need', async () => {
    const taken = await call('POST', '/v1/segments', { name: 'regulars', rule: orders(1) })
    expect([taken.status, taken.body.error.code]).toEqual([409, 'conflict'])
    const path = await call('POST', '/v1/segments', {
      name: 'Bad path',
      rule: { kind: 'trait', path: 'a`) or 1=1 --', is: 'exists' },
    })
    expect([path.status, path.body.error.code]).toEqual([400, 'invalid-input'])
    const unknown = await call('POST', '/v1/segments', {
      name: 'Unknown',
      rule: { kind: 'segment', segmentId: newId<string>() },
    })
    expect(unknown.body.error.message).toMatch(/which is not there/)
    const [{ segmentId }] = (await call('GET', '/v1/segments')).body.items
    const upper = await call('POST', '/v1/segments', {
      name: 'Not regulars',
      rule: { kind: 'not', of: { kind: 'segment', segmentId } },
    })
    expect((await call('DELETE', `/v1/segments/${segmentId}`)).body.error.code).toBe('conflict')
    expect((await call('GET', `/v1/segments/${segmentId}`)).body.usedBy).toMatchObject([{ name: 'Not regulars' }])
    expect((await call('DELETE', `/v1/segments/${upper.body.segmentId}`)).status).toBe(204)
    expect((await call('GET', `/v1/segments/${upper.body.segmentId}`)).status).toBe(404)
    expect((await call('DELETE', `/v1/segments/${segmentId}`)).status).toBe(204)
  })

  test('who can be reached is who policy would let be written to, at the address of now', async () => {
    const told = {
      agreed: [],
      'never asked': [],
      withdrew: [{ event: 'Consent Withdrawn' }],
      'withdrew from offers alone': [{ event: 'Consent Withdrawn', properties: { purpose: 'sell' } }],
      'left all': [{ event: 'Unsubscribed' }],
      'left a topic': [{ event: 'Unsubscribed', properties: { topic: 'offers' } }],
      complained: [{ event: 'Email Marked as Spam' }],
      bounced: [{ event: 'Email Bounced', properties: { email: 'Bounced@example.com' } }],
    }
    const identify = (userId: string, traits: object) => ({ type: 'identify', userId, traits })
    await pipeline.send(
      ...Object.keys(told).map((who) =>
        identify(who, {
          asked: who,
          email: `${who.replaceAll(' ', '-')}@example.com`,
          ...(who === 'never asked' ? {} : { marketing_consent: true }),
        }),
      ),
    )
    pipeline.clock.moveBy(1000)
    await pipeline.send(
      ...Object.entries(told).flatMap(([userId, events]) => events.map((each) => ({ type: 'track', userId, ...each }))),
    )
    const asked: Rule = { kind: 'trait', path: 'asked', is: 'exists' }
    const reach = async (rule: Rule = asked) => {
      const { body } = await call('POST', '/v1/segments/preview', { rule })
      return { count: body.count, ...body.reachable }
    }
    const reached = await Promise.all(
      Object.keys(told).map(async (value) => {
        const { email } = await reach({ kind: 'trait', path: 'asked', is: 'equals', value })
        return email === 1 ? [value] : []
      }),
    )
    expect(reached.flat()).toEqual(['agreed', 'withdrew from offers alone', 'left a topic'])
    expect(await reach()).toEqual({ count: 8, email: 3, asked: 8 })

    await pipeline.send(identify('bounced', { email: 'new@example.com' }))
    expect(await reach()).toEqual({ count: 8, email: 4, asked: 8 })
    await pipeline.send(identify('bounced', { email: 'BOUNCED@example.com' }))
    expect(await reach()).toEqual({ count: 8, email: 3, asked: 8 })

    // Beyond what is asked one by one, the share of an even sample stands for all.
    await pipeline.send(...Array.from({ length: 8 }, (_, at) => identify(`more-${at}`, { asked: 'more' })))
    const estimated = await reach()
    expect([estimated.count, estimated.asked, estimated.email % 2]).toEqual([16, 8, 0])
    expect(await reach()).toEqual(estimated)
  })

  test('is closed to who may not see customers, and to other workspaces', async () => {
    const saved = await call('POST', '/v1/segments', { name: 'Ours', rule: orders(1) })
    await settle()
    const { segmentId } = saved.body
    const denied = await Promise.all([
      call('GET', `/v1/segments/${segmentId}/members`, undefined, reader),
      call('POST', '/v1/segments/preview', { rule: orders(1) }, reader),
      call('DELETE', `/v1/segments/${segmentId}`, undefined, reader),
    ])
    expect(denied.map(({ status }) => status)).toEqual([403, 403, 403])
    const other = await baton.as(await addWorkspace(pipeline.stores), 'owner')
    expect((await call('GET', `/v1/segments/${segmentId}`, undefined, other)).status).toBe(404)
    const preview = await call('POST', '/v1/segments/preview', { rule: orders(1) }, other)
    expect(preview.body).toMatchObject({ count: 0, total: 0, examples: [] })
    const text = JSON.stringify((await call('GET', '/v1/segments', undefined, other)).body)
    expect(text).toBe('{"items":[],"next":null}')
  })
})
