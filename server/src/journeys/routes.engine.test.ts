import { journeyStepKinds } from '@baton/contract'
import { expect, test } from 'vitest'
import { testApp } from '../../../tests/harness/app.ts'
import { hourMs } from '../kernel/index.ts'
import { abandonedCart } from './journey-fixture.ts'
import { testJourneys } from './stage-fixture.ts'

const world = await testJourneys()
const { app, as } = await testApp(world.stores, { clock: world.clock, rooms: [world.journeys.routes] })
const conductor = await as(world.workspaceId, 'conductor')
const analyst = await as(world.workspaceId, 'analyst')
const finance = await as(world.workspaceId, 'finance')

const call = async (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, headers = conductor) => {
  const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, body: answer.json() }
}

test('a journey from the gallery is published once its templates are chosen, and its counts and runs can be read', async () => {
  const made = await call('POST', '/v1/journeys', { name: 'Cart', template: 'win-back' })
  expect(made).toMatchObject({ status: 201, body: { status: 'draft', version: null, changed: true, published: null } })
  const url = `/v1/journeys/${made.body.journeyId}`
  const refused = await call('POST', `${url}/publish`)
  expect(refused).toMatchObject({
    status: 400,
    body: {
      error: {
        code: 'invalid-input',
        details: { problems: [{ code: 'missing-template', stepId: 'we-miss-you' }, { stepId: 'offer' }] },
      },
    },
  })
  expect((await call('POST', `${url}/validate`)).body.problems).toHaveLength(2)

  await call('PUT', url, { draft: abandonedCart, name: 'Left behind' })
  const published = await call('POST', `${url}/publish`)
  expect(published).toMatchObject({
    status: 200,
    body: {
      journey: { name: 'Left behind', status: 'live', version: 1, changed: false },
      impact: { inside: 0, steps: [] },
    },
  })

  await world.send('Product Added', { cart_id: 'c1', product: 'Blocks' })
  await world.settleAll()
  world.clock.moveBy(hourMs)
  await world.send('Order Completed', { cart_id: 'c1' }, { messageId: 'order-1' })
  await world.settleAll()

  const counts = await call('GET', `${url}/counts`)
  expect(counts.body).toMatchObject({ entered: 1, active: 0, finished: 1, exited: [], balanced: true })
  expect(counts.body.steps).toMatchObject([
    { stepId: 'wait', kind: 'wait-for-event', entered: 1, waiting: 0, left: 1 },
    { stepId: 'mail', kind: 'message', entered: 1, left: 1, sent: 0 },
  ])
  const listed = await call('GET', `${url}/runs?state=finished`)
  expect(listed.body).toMatchObject({
    items: [{ journeyName: 'Left behind', entryKey: 'c1', state: 'finished', arrivedLate: 1 }],
    next: null,
  })
  expect((await call('GET', `${url}/runs?state=active`)).body.items).toEqual([])
  expect((await call('GET', `${url}/runs?personId=${listed.body.items[0].personId}`)).body.items).toHaveLength(1)
  const file = await app.inject({
    url: `${url}/runs.csv?state=finished`,
    headers: await as(world.workspaceId, 'owner'),
  })
  expect(file.body.trimEnd().split('\r\n')).toEqual([
    '\uFEFFrunId,journey,version,personId,entryKey,state,reason,stepId,enteredAt,endedAt,dueAt,arrivedLate',
    expect.stringContaining(`${listed.body.items[0].runId},Left behind,1,`),
  ])
  const run = await call('GET', `/v1/runs/${listed.body.items[0].runId}`)
  expect(run.body).toMatchObject({ entryEvent: { cart_id: 'c1', product: 'Blocks' }, entryMessageId: 'm1' })
  expect(run.body.trace).toMatchObject([
    { kind: 'step', stepId: 'wait', outcome: 'timed-out' },
    { kind: 'step', stepId: 'mail', outcome: 'planned', title: 'Send a message' },
    {
      kind: 'arrived-late',
      messageId: 'order-1',
      sentence: '"Order Completed" arrived late: 0 milliseconds after the wait had ended.',
    },
  ])
})

test('a filter that the rule language does not know is named with its step and field', async () => {
  const [wait, mail] = abandonedCart.steps
  const where = [{ path: 'a; drop', is: 'equals', value: 1 }]
  const { body } = await call('POST', '/v1/journeys', {
    name: 'Filters',
    draft: {
      ...abandonedCart,
      entry: { ...abandonedCart.entry, where },
      steps: [
        { ...wait, where },
        { ...mail, next: 'who' },
        { id: 'who', kind: 'branch', branches: [{ label: 'x', entry: where, next: null }], otherwise: null },
      ],
    },
  })
  expect((await call('POST', `/v1/journeys/${body.journeyId}/validate`)).body.problems).toMatchObject([
    { code: 'invalid-rule', stepId: null, field: 'entry.where' },
    { code: 'invalid-rule', stepId: 'wait', field: 'where' },
    { code: 'invalid-rule', stepId: 'who', field: 'branches.0.entry' },
  ])
})

test('pause, resume and stop, and what can’t be done from where', async () => {
  const { body } = await call('POST', '/v1/journeys', { name: 'Moves', draft: abandonedCart })
  const url = `/v1/journeys/${body.journeyId}`
  expect(await call('POST', `${url}/pause`)).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } })
  await call('POST', `${url}/publish`)
  expect((await call('POST', `${url}/pause`)).body.status).toBe('paused')
  expect((await call('POST', `${url}/pause`)).status).toBe(200)
  expect((await call('POST', `${url}/resume`)).body.status).toBe('live')
  expect((await call('POST', `${url}/stop`)).body.status).toBe('stopped')
  expect((await call('POST', `${url}/resume`)).status).toBe(409)
  expect((await call('POST', `${url}/publish`)).body.journey).toMatchObject({ status: 'live', version: 2 })
})

test('a draft made from an older one is refused with who changed it when, and takes nothing away', async () => {
  const { body: read } = await call('POST', '/v1/journeys', { name: 'Two tabs', draft: abandonedCart })
  const url = `/v1/journeys/${read.journeyId}`
  const expectedUpdatedAt = read.updatedAt
  const first = await call('PUT', url, { draft: { ...abandonedCart, purpose: 'coach' }, expectedUpdatedAt })
  expect(first.status).toBe(200)
  // Domain time stands, and still each change can be told from the one before it.
  expect(first.body.updatedAt).toBeGreaterThan(read.updatedAt)
  const other = await as(world.workspaceId, 'owner')
  const second = await call('PUT', url, { draft: { ...abandonedCart, purpose: 'sell' }, expectedUpdatedAt }, other)
  expect(second).toMatchObject({
    status: 409,
    body: {
      error: {
        code: 'conflict',
        details: { changedBy: expect.stringMatching(/^key “/), changedAt: first.body.updatedAt },
      },
    },
  })
  expect((await call('GET', url)).body.draft.purpose).toBe('coach')
  expect((await call('PUT', url, { name: 'Whatever stands there' })).status).toBe(200)
  const unseen = await call('POST', `${url}/publish`, { expectedUpdatedAt: first.body.updatedAt })
  expect(unseen).toMatchObject({ status: 409, body: { error: { code: 'conflict', details: expect.anything() } } })
  const named = (await call('GET', url)).body
  expect(named.version).toBeNull()
  const seen = await call('POST', `${url}/publish`, { expectedUpdatedAt: named.updatedAt })
  expect(seen).toMatchObject({ status: 200, body: { journey: { version: 1 } } })
  const afterPublish = { name: 'Older', expectedUpdatedAt: first.body.updatedAt }
  expect((await call('PUT', url, afterPublish)).status).toBe(409)
})

test('of several that save the same draft at once one is taken', async () => {
  const { body: read } = await call('POST', '/v1/journeys', { name: 'At once' })
  const save = (purpose: string) =>
    call('PUT', `/v1/journeys/${read.journeyId}`, {
      draft: { ...abandonedCart, purpose },
      expectedUpdatedAt: read.updatedAt,
    })
  const answers = await Promise.all(['sell', 'inform', 'coach', 'serve'].map(save))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409])
  const taken = answers.find(({ status }) => status === 200)
  expect((await call('GET', `/v1/journeys/${read.journeyId}`)).body.draft).toEqual(taken?.body.draft)
})

test('journeys are listed in pages, found by name and status', async () => {
  for (let index = 0; index < 3; index += 1) await call('POST', '/v1/journeys', { name: `Page ${index}` })
  const first = await call('GET', '/v1/journeys?search=page&limit=2')
  expect(first.body.items).toHaveLength(2)
  const second = await call('GET', `/v1/journeys?search=page&limit=2&cursor=${first.body.next}`)
  expect([...first.body.items, ...second.body.items].map(({ name }) => name).toSorted()).toEqual([
    'Page 0',
    'Page 1',
    'Page 2',
  ])
  expect(second.body.next).toBeNull()
  expect((await call('GET', '/v1/journeys?status=stopped')).body.items).toEqual([])
})

test('what is not there, not allowed or not a journey is refused with a reason', async () => {
  const nobody = '00000000-0000-4000-8000-000000000000'
  for (const url of [`/v1/journeys/${nobody}`, `/v1/journeys/${nobody}/counts`, `/v1/runs/${nobody}`])
    expect(await call('GET', url)).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } })
  expect((await call('POST', '/v1/journeys', { name: 'x', template: 'no such' })).status).toBe(404)
  expect((await call('POST', '/v1/journeys', { name: '' })).status).toBe(400)
  expect((await call('POST', '/v1/journeys', { name: 'x' }, finance)).status).toBe(403)
  expect((await call('GET', '/v1/journeys', undefined, finance)).status).toBe(200)
  expect((await call('GET', `/v1/runs/${nobody}`, undefined, finance)).status).toBe(403)
  expect((await call('GET', '/v1/journeys?limit=1', undefined, analyst)).status).toBe(200)
})

test('the gallery and the kinds of steps can be read', async () => {
  expect((await call('GET', '/v1/journey-templates')).body.items.map(({ key }: { key: string }) => key)).toContain(
    'win-back',
  )
  const { items } = (await call('GET', '/v1/journey-step-kinds')).body
  expect(items.map(({ kind }: { kind: string }) => kind).sort()).toEqual([...journeyStepKinds].sort())
})

test('who answers for some phases changes, publishes and stops their journeys and no others', async () => {
  const owner = await as(world.workspaceId, 'phase-owner', { phases: ['loyalty'] })
  const make = async (phase: string, headers = conductor) =>
    call('POST', '/v1/journeys', { name: `Of ${phase}`, draft: { ...abandonedCart, phase } }, headers)
  expect((await make('contact', owner)).status).toBe(403)
  expect((await call('POST', '/v1/journeys', { name: 'Cart', template: 'abandoned-cart' }, owner)).status).toBe(403)
  const own = `/v1/journeys/${(await make('loyalty', owner)).body.journeyId}`
  const other = `/v1/journeys/${(await make('contact')).body.journeyId}`
  for (const verb of ['publish', 'pause', 'resume', 'stop'])
    expect([
      verb,
      (await call('POST', `${own}/${verb}`, undefined, owner)).status,
      (await call('POST', `${other}/${verb}`, undefined, owner)).status,
    ]).toEqual([verb, 200, 403])
  const taking = await call('PUT', other, { draft: { ...abandonedCart, phase: 'loyalty' } }, owner)
  const giving = await call('PUT', own, { draft: { ...abandonedCart, phase: 'contact' } }, owner)
  expect([taking.status, giving.status]).toEqual([403, 403])
  expect((await call('GET', other, undefined, owner)).status).toBe(200)
})
