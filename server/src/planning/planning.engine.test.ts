import { phaseKey } from '@baton/contract'
import { beforeAll, describe, expect, test } from 'vitest'
import { firstUser, type TestApp, testApp } from '../../../tests/harness/app.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { systemClock, type WorkspaceId } from '../kernel/index.ts'
import type { Workspaces } from '../workspaces/index.ts'
import { createPlanning, type Planning, planningRoutes } from './index.ts'

const stores = await testStores()
// The rooms are made before the workspaces that the test app makes.
let workspaces: Workspaces
const planning: Planning = createPlanning({
  postgres: stores.postgres,
  clock: systemClock,
  workspaces: { get: (id) => workspaces.get(id), audit: (tx, entry) => workspaces.audit(tx, entry) },
})
const test_: TestApp = await testApp(stores, { rooms: [planningRoutes({ planning, postgres: stores.postgres })] })
workspaces = test_.workspaces
const { app } = test_

let workspaceId: WorkspaceId
let cookie: string
let finance: { readonly authorization: string }
let analyst: { readonly authorization: string }
beforeAll(async () => {
  const first = await firstUser(test_)
  workspaceId = first.workspaceId
  cookie = first.cookie
  finance = await test_.as(workspaceId, 'finance')
  analyst = await test_.as(workspaceId, 'analyst')
})

describe('phases', () => {
  test('the first user answers for all five until somebody is named', async () => {
    const answer = await app.inject({ url: '/v1/phases', headers: { cookie } })
    expect(answer.json().map((each: { phase: string }) => each.phase)).toEqual(phaseKey.options)
    for (const phase of answer.json())
      expect(phase).toMatchObject({ owner: { name: 'Ann' }, named: false, people: null })
    expect(await planning.phaseOwner(workspaceId, 'loyalty')).toBe(answer.json()[0].owner.userId)
    expect(await planning.phaseOwner(workspaceId, 'no phase')).toBeNull()
  })

  test('only a member can be named, and only by who may change the plan', async () => {
    const [{ owner }] = (await app.inject({ url: '/v1/phases', headers: { cookie } })).json()
    const payload = [{ phase: 'loyalty', userId: owner.userId }]
    const named = await app.inject({ method: 'PUT', url: '/v1/phases', headers: { cookie }, payload })
    expect(named.json().at(-1)).toMatchObject({ phase: 'loyalty', named: true })
    expect(await planning.areOwnersNamed(workspaceId)).toBe(false)
    const stranger = await app.inject({
      method: 'PUT',
      url: '/v1/phases',
      headers: { cookie },
      payload: [{ phase: 'loyalty', userId: 'nobody' }],
    })
    expect([stranger.statusCode, stranger.json().error.remedy]).toEqual([400, expect.stringContaining('/v1/members')])
    expect((await app.inject({ method: 'PUT', url: '/v1/phases', headers: analyst, payload })).statusCode).toBe(403)
  })
})

test('who answers for some phases names the owners of those alone', async () => {
  const headers = await test_.as(workspaceId, 'conductor', { phases: ['loyalty'] })
  const [{ owner }] = (await app.inject({ url: '/v1/phases', headers })).json()
  const name = (...phases: string[]) => {
    const payload = phases.map((phase) => ({ phase, userId: owner.userId }))
    return app.inject({ method: 'PUT', url: '/v1/phases', headers, payload })
  }
  expect([(await name('loyalty')).statusCode, (await name('loyalty', 'contact')).statusCode]).toEqual([200, 403])
  expect((await app.inject({ url: '/v1/phases', headers })).json()[0]).toMatchObject({ phase: 'contact', named: false })
})

describe('costs', () => {
  test('one by one, listed by day with totals, removed', async () => {
    const draft = { on: '2026-02-01', amount: { minor: 12000, currency: 'EUR' }, kind: 'acquisition', phase: 'contact' }
    const made = await app.inject({ method: 'POST', url: '/v1/costs', headers: finance, payload: draft })
    expect([made.statusCode, made.json()]).toEqual([201, expect.objectContaining({ ...draft, importId: null })])
    const listed = await app.inject({ url: '/v1/costs?from=2026-02-01&to=2026-02-01', headers: analyst })
    expect(listed.json()).toMatchObject({
      items: [{ costId: made.json().costId }],
      totals: [{ kind: 'acquisition', currency: 'EUR', minor: 12000, entries: 1 }],
    })
    expect((await app.inject({ method: 'POST', url: '/v1/costs', headers: analyst, payload: draft })).statusCode).toBe(
      403,
    )
    const removed = await app.inject({ method: 'DELETE', url: `/v1/costs/${made.json().costId}`, headers: finance })
    expect(removed.statusCode).toBe(204)
    const again = await app.inject({ method: 'DELETE', url: `/v1/costs/${made.json().costId}`, headers: finance })
    expect(again.statusCode).toBe(404)
  })

  test('a file twice adds once, two equal rows are two costs, bad rows are listed', async () => {
    const csv = 'date,amount,kind\n2026-01-01,10.00,servicing\n2026-01-01,10.00,servicing\n2026-01-02,x,servicing\n'
    const send = async (text: string) =>
      (await app.inject({ method: 'POST', url: '/v1/costs/import', headers: finance, payload: { csv: text } })).json()
    expect(await send(csv)).toMatchObject({ rows: 3, added: 2, repeated: 0, rejected: [{ line: 4 }] })
    expect(await send(csv)).toMatchObject({ added: 0, repeated: 2 })
    expect(await send(`${csv}2026-01-03,5,acquisition\n`)).toMatchObject({
      added: 1,
      repeated: 2,
      totals: [{ kind: 'acquisition', minor: 500 }],
    })
    const bad = await app.inject({
      method: 'POST',
      url: '/v1/costs/import',
      headers: finance,
      payload: { csv: 'a,b\n' },
    })
    expect(bad.json().error).toMatchObject({ code: 'invalid-input', remedy: expect.stringContaining('date') })
  })

  test('who answers for a part enters, sees and removes the costs of that part alone', async () => {
    const owner = await test_.as(workspaceId, 'phase-owner', { phases: ['loyalty'] })
    const agency = await test_.as(workspaceId, 'finance', { partner: 'Agency' })
    const amount = { minor: 700, currency: 'EUR' }
    const post = (headers: typeof owner, cost: object) =>
      app.inject({
        method: 'POST',
        url: '/v1/costs',
        headers,
        payload: { on: '2025-06-01', amount, kind: 'servicing', ...cost },
      })
    expect((await post(owner, { phase: 'contact' })).json().error).toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('loyalty'),
    })
    expect((await post(owner, {})).statusCode).toBe(403)
    const own = await post(owner, { phase: 'loyalty' })
    const theirs = await post(agency, { phase: 'contact', partner: 'Agency' })
    expect([own.statusCode, theirs.statusCode]).toEqual([201, 201])
    const url = '/v1/costs?from=2025-06-01&to=2025-06-30'
    const listed = async (headers: typeof owner) => (await app.inject({ url, headers })).json()
    expect(await listed(owner)).toMatchObject({ items: [{ costId: own.json().costId }], totals: [{ entries: 1 }] })
    expect(await listed(agency)).toMatchObject({ items: [{ costId: theirs.json().costId }], totals: [{ entries: 1 }] })
    const csv = 'date,amount,kind,phase\n2025-06-02,1,servicing,loyalty\n2025-06-02,1,servicing,contact\n'
    const imported = await app.inject({ method: 'POST', url: '/v1/costs/import', headers: owner, payload: { csv } })
    expect(imported.json()).toMatchObject({ rows: 2, added: 1, rejected: [{ line: 3 }] })
    const remove = async (headers: typeof owner, { costId }: { costId: string }) =>
      (await app.inject({ method: 'DELETE', url: `/v1/costs/${costId}`, headers })).statusCode
    expect(await remove(owner, theirs.json())).toBe(403)
    for (const { costId } of (await listed(finance)).items) expect(await remove(finance, { costId })).toBe(204)
  })

  test('pages follow each other without gap or repeat', async () => {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { json(): { items: { costId: string }[]; next: string | null } } = await app.inject({
        url: `/v1/costs?limit=1&cursor=${cursor}`,
        headers: finance,
      })
      seen.push(...page.json().items.map((each) => each.costId))
      cursor = page.json().next
    }
    expect([seen.length, new Set(seen).size]).toEqual([3, 3])
  })

  test('as a file hold every row of the list, and those of her part alone; what was imported comes back', async () => {
    const csv = `date,amount,kind,note\n${Array.from({ length: 1100 }, (_, n) => `2019-05-01,${n}.5,servicing,row ${n}`).join('\n')}`
    await app.inject({ method: 'POST', url: '/v1/costs/import', headers: finance, payload: { csv } })
    const url = '/v1/costs.csv?from=2019-05-01&to=2019-05-01'
    const file = await app.inject({ url, headers: finance })
    const [header, ...rows] = file.body.trimEnd().split('\r\n')
    expect(header).toBe('\uFEFFdate,amount,currency,kind,phase,channel,partner,note')
    expect([rows.length, new Set(rows).size]).toEqual([1100, 1100])
    expect(rows).toContain('2019-05-01,7.5,EUR,servicing,,,,row 7')
    const owner = await test_.as(workspaceId, 'phase-owner', { phases: ['loyalty'] })
    expect((await app.inject({ url, headers: owner })).body.trimEnd().split('\r\n')).toHaveLength(1)
    const audit = (await app.inject({ url: '/v1/audit?object=list:costs', headers: { cookie } })).json()
    expect(audit.items[0]).toMatchObject({ action: 'list.exported', detail: { path: '/v1/costs.csv' } })
  })

  test('another workspace sees none of it', async () => {
    const other = await test_.workspaces.create({ name: 'B', currency: 'USD', timeZone: 'UTC' }, { ownerId: null })
    const headers = await test_.as(other.workspaceId, 'owner')
    expect((await app.inject({ url: '/v1/costs', headers })).json()).toMatchObject({ items: [], totals: [] })
  })
})

describe('exchange rates', () => {
  test('entered by currency and day, into the workspace’s own currency unless said', async () => {
    const put = (payload: object) => app.inject({ method: 'PUT', url: '/v1/exchange-rates', headers: finance, payload })
    await put({ currency: 'USD', on: '2026-01-01', rate: 0.9 })
    await put({ currency: 'USD', on: '2026-02-01', rate: 0.95 })
    const listed = await put({ currency: 'USD', on: '2026-02-01', rate: 0.96 })
    expect(listed.json()).toEqual([
      { currency: 'USD', base: 'EUR', on: '2026-02-01', rate: 0.96 },
      { currency: 'USD', base: 'EUR', on: '2026-01-01', rate: 0.9 },
    ])
    expect((await put({ currency: 'EUR', on: '2026-02-01', rate: 1 })).statusCode).toBe(400)
    const url = '/v1/exchange-rates/EUR/USD/2026-02-01'
    expect((await app.inject({ method: 'DELETE', url, headers: finance })).statusCode).toBe(204)
  })
})
