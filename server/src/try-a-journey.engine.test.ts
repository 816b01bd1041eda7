import { createHash } from 'node:crypto'
import type { JourneySimulation } from '@baton/contract'
import { expect, test } from 'vitest'
import { cartMail } from '../../tests/harness/cart-mail.ts'
import { testEveryRoom } from '../../tests/harness/every-room.ts'
import { dayMs, hourMs, newId } from './kernel/index.ts'

/** A journey tried out on a person, over every room as `main.ts` connects them. */
const { stores, clock, rooms, workspaceId, call, send, headersOf } = await testEveryRoom()
const noon = clock.now()

const cart = (change: object = {}) => ({
  entry: {
    kind: 'event',
    event: 'Product Added',
    keyPath: 'cart_id',
    where: [{ path: 'price', is: 'greater', value: 5 }],
  },
  start: 'wait',
  steps: [
    {
      id: 'wait',
      kind: 'wait-for-event',
      event: 'Order Completed',
      keyPath: 'cart_id',
      timeoutMs: hourMs,
      onEvent: null,
      onTimeout: 'who',
    },
    {
      id: 'who',
      kind: 'branch',
      branches: [
        {
          label: 'buyers',
          when: { kind: 'event-count', event: 'Order Completed', is: 'at-least', value: 1 },
          next: 'mail',
        },
      ],
      otherwise: null,
    },
    cartMail(workspaceId),
  ],
  phase: 'purchase',
  purpose: 'inform',
  ...change,
})
const makeJourney = async (draft: object): Promise<string> =>
  (await call('POST', '/v1/journeys', { name: newId<string>(), draft })).body.journeyId

/** Every row of every table, but for the leases, whose holders renew them by the machine's clock. */
const everything = async () => {
  const tables = await stores.admin<{ name: string }>(
    `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
       and table_name <> 'lease' order by 1`,
  )
  const seen: [string, number, string][] = []
  for (const { name } of tables) {
    const rows = await stores.admin<{ row: string }>(`select t::text as row from ${name} t order by 1`)
    const hash = createHash('sha256').update(rows.map(({ row }) => row).join('\n'))
    seen.push([name, rows.length, hash.digest('hex')])
  }
  const counted = await stores.clickhouse.query<{ name: string; rows: string }>({
    sql: `select name, toString(total_rows) as rows from system.tables where database = currentDatabase() order by name`,
  })
  return { tables: seen, clickhouse: counted }
}

test('a real person is walked through a draft by her own facts, and not a row changes anywhere', async () => {
  await send(
    { type: 'identify', userId: 'ann', traits: { email: 'ann@example.com', time_zone: 'Europe/Madrid' } },
    { type: 'track', userId: 'ann', event: 'Order Completed', properties: { order_id: 'o1', total: 20 } },
    {
      type: 'track',
      userId: 'ann',
      event: 'Consent Given',
      properties: { purpose: 'inform', wording: 'Yes', source: 'test' },
    },
  )
  const { items } = (await call('GET', '/v1/people?search=ann')).body
  const personId: string = items[0].personId
  const journeyId = await makeJourney(cart())
  const before = await everything()
  expect(before.tables.reduce((sum, [, rows]) => sum + rows, 0)).toBeGreaterThan(20)

  const url = `/v1/journeys/${journeyId}/simulation`
  const late = await call('POST', url, {
    person: { kind: 'real', personId },
    entry: { cart_id: 'c9', price: 12 },
    startAt: Date.parse('2026-06-20T18:30:00Z'),
    events: [{ name: 'Order Completed', afterMs: hourMs, properties: { cart_id: 'c9' } }],
  })
  expect(late.status).toBe(200)
  const seen: JourneySimulation = late.body
  expect(seen).toMatchObject({ version: null, keptOut: null, cut: false })
  expect(seen.runs).toHaveLength(1)
  expect(seen.runs[0]?.path).toMatchObject([
    { kind: 'step', stepId: 'wait', outcome: 'timed-out', leftAt: Date.parse('2026-06-20T19:30:00Z') },
    { kind: 'step', stepId: 'who', outcome: 'buyers' },
    { kind: 'step', stepId: 'mail', outcome: 'planned' },
    { kind: 'arrived-late', stepId: 'wait' },
  ])
  // 21:30 in Madrid.
  expect(seen.runs[0]?.messages).toMatchObject([
    {
      stepId: 'mail',
      decisions: [
        { outcome: 'hold', reason: 'quiet-hours', until: Date.parse('2026-06-21T06:00:00Z') },
        { outcome: 'send', at: Date.parse('2026-06-21T06:00:00Z'), reason: null },
      ],
    },
  ])
  const inTime = await call('POST', url, {
    person: { kind: 'real', personId },
    entry: { cart_id: 'c9', price: 12 },
    events: [{ name: 'Order Completed', afterMs: hourMs - 1, properties: { cart_id: 'c9' } }],
  })
  expect(inTime.body.runs).toMatchObject([{ state: 'finished', messages: [], path: [{ outcome: 'arrived' }] }])

  // Before she had bought, she was no buyer.
  const earlier = await call('POST', url, {
    person: { kind: 'real', personId },
    entry: { cart_id: 'c9', price: 12 },
    startAt: noon - 3 * dayMs,
  })
  expect(earlier.body.runs).toMatchObject([{ path: [{}, { stepId: 'who', outcome: 'otherwise' }], messages: [] }])
  expect(await everything()).toEqual(before)
})

test('somebody made up is known by what is said of her only; what keeps an event out is said', async () => {
  const journeyId = await makeJourney(cart())
  const url = `/v1/journeys/${journeyId}/simulation`
  const made = { kind: 'made', traits: { email: 'ada@example.com' } }
  const ask = async (person: object, entry: object, events: object[] = []) =>
    (await call('POST', url, { person, entry, events, startAt: noon })).body
  const bought = { name: 'Order Completed', afterMs: 60_000, properties: { cart_id: 'another' } }
  const entry = { cart_id: 'c1', price: 12 }
  expect((await ask(made, entry, [bought])).runs).toMatchObject([
    { messages: [{ decisions: [{ outcome: 'drop', reason: 'no-consent' }] }] },
  ])
  expect((await ask({ ...made, consents: ['inform'] }, entry, [bought])).runs).toMatchObject([
    { messages: [{ decisions: [{ outcome: 'send', rule: 'all-passed' }] }] },
  ])
  expect((await ask({ kind: 'made', consents: ['inform'] }, entry, [bought])).runs).toMatchObject([
    { messages: [{ decisions: [{ outcome: 'drop', reason: 'no-address' }] }] },
  ])
  expect(await ask(made, { cart_id: 'c1', price: 2 })).toMatchObject({ keptOut: 'filter', runs: [] })
  expect(await ask(made, { price: 12 })).toMatchObject({ keptOut: 'no-key', runs: [] })
  const answered = await ask({ ...made, consents: ['inform'] }, entry, [{ name: 'Replied', afterMs: 5 }])
  expect(answered.runs).toMatchObject([{ state: 'exited', reason: 'replied' }])
})

test('a published version is walked as it was published, whatever the draft has become', async () => {
  const journeyId = await makeJourney(cart())
  expect((await call('POST', `/v1/journeys/${journeyId}/publish`)).status).toBe(200)
  const exit = { start: 'end', steps: [{ id: 'end', kind: 'exit', reason: 'not now' }] }
  await call('PUT', `/v1/journeys/${journeyId}`, { draft: cart(exit) })
  const ask = (version: object) =>
    call('POST', `/v1/journeys/${journeyId}/simulation`, {
      ...version,
      person: { kind: 'made' },
      entry: { cart_id: 'c1', price: 12 },
    })
  expect((await ask({})).body).toMatchObject({ version: null, runs: [{ state: 'exited', reason: 'not now' }] })
  expect((await ask({ version: 1 })).body).toMatchObject({ version: 1, runs: [{ path: [{ stepId: 'wait' }, {}] }] })
  expect((await ask({ version: 7 })).status).toBe(404)
})

test('what can’t be walked, who is not there and who may not see people are refused with a reason', async () => {
  const nobody = newId<string>()
  const journeyId = await makeJourney(cart())
  const url = `/v1/journeys/${journeyId}/simulation`
  const made = { person: { kind: 'made' } }
  expect((await call('POST', `/v1/journeys/${nobody}/simulation`, made)).status).toBe(404)
  expect((await call('POST', url, { person: { kind: 'real', personId: nobody } })).status).toBe(404)
  expect((await call('POST', url, { person: { kind: 'nobody' } })).status).toBe(400)
  expect((await call('POST', url, made, await headersOf('finance'))).status).toBe(403)
  const unfinished = await makeJourney({ steps: [] })
  expect(await call('POST', `/v1/journeys/${unfinished}/simulation`, made)).toMatchObject({
    status: 400,
    body: { error: { code: 'invalid-input', details: { problems: expect.arrayContaining([]) } } },
  })
  const elsewhere = (
    await rooms.workspaces.create(
      { name: 'Other', currency: 'EUR', timeZone: 'UTC' },
      { ownerId: null, isSample: false },
    )
  ).workspaceId
  expect((await call('POST', url, made, await headersOf('owner', elsewhere))).status).toBe(404)
})
