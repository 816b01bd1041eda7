import type { KeptVersion } from '@baton/contract'
import { expect, test } from 'vitest'
import { cartMail } from '../../tests/harness/cart-mail.ts'
import { testEveryRoom } from '../../tests/harness/every-room.ts'
import { hourMs, newId } from './kernel/index.ts'

/** The versions of segments, journeys and templates, over every room. */
const { workspaceId, call, settle, headersOf } = await testEveryRoom()
const versionsOf = async (url: string): Promise<readonly KeptVersion[]> =>
  (await call('GET', `${url}/versions`)).body.items
const said = (version: KeptVersion | undefined) =>
  version?.changes.map(({ kind, where, before, after }) => [kind, where.join(' › '), before, after])

const bought = (times: number) => ({
  kind: 'event-count',
  event: 'Order Completed',
  where: [],
  is: 'at-least',
  value: times,
})

test('a segment’s versions say who changed what in words, and an old one is restored as a new one', async () => {
  const made = await call('POST', '/v1/segments', {
    name: 'Buyers',
    rule: { kind: 'and', of: [bought(1), { kind: 'trait', path: 'city', is: 'exists' }] },
  })
  const url = `/v1/segments/${made.body.segmentId}`
  await call('PUT', url, {
    name: 'Buyers',
    rule: { kind: 'and', of: [bought(3), { kind: 'trait', path: 'city', is: 'exists' }] },
  })
  // Saved as it is: no version.
  await call('PUT', url, {
    name: 'Buyers',
    rule: { kind: 'and', of: [bought(3), { kind: 'trait', path: 'city', is: 'exists' }] },
  })
  await call('PUT', url, { name: 'Good buyers', description: 'Often', rule: { kind: 'or', of: [bought(3)] } })
  const versions = await versionsOf(url)
  expect(versions.map(({ version, by }) => [version, by])).toEqual([
    [3, expect.stringMatching(/^key “owner /)],
    [2, expect.stringMatching(/^key “owner /)],
    [1, expect.stringMatching(/^key “owner /)],
  ])
  expect(said(versions[2])).toEqual([])
  expect(said(versions[1])).toEqual([
    [
      'changed',
      'Rule › Conditions › Condition 1',
      expect.stringContaining('at least 1'),
      expect.stringContaining('at least 3'),
    ],
  ])
  expect(said(versions[0])).toEqual([
    ['changed', 'Name', 'Buyers', 'Good buyers'],
    ['changed', 'Description', '', 'Often'],
    ['removed', 'Rule › Conditions › Condition 2', expect.stringContaining('city'), null],
    ['changed', 'Rule › Who is meant', 'all of these', 'any of these'],
  ])

  const restored = await call('POST', `${url}/versions/1/restore`)
  expect(restored).toMatchObject({ status: 200, body: { name: 'Buyers', rule: { of: [{ value: 1 }, {}] } } })
  expect((await versionsOf(url)).map(({ version }) => version)).toEqual([4, 3, 2, 1])
  const { items } = (await call('GET', `/v1/audit?object=${made.body.segmentId}`)).body
  expect(items[0]).toMatchObject({ action: 'segment.restored', detail: { name: 'Buyers', version: 1 } })
  const first = (await call('GET', `${url}/versions?limit=1`)).body
  expect(first.items).toHaveLength(1)
  expect((await call('GET', `${url}/versions?limit=1&cursor=${first.next}`)).body.items[0].version).toBe(3)
  await settle()
})

const journey = (change: object = {}) => ({
  entry: { kind: 'event', event: 'Product Added', keyPath: 'cart_id' },
  start: 'wait',
  steps: [
    {
      id: 'wait',
      kind: 'wait-for-event',
      event: 'Order Completed',
      keyPath: 'cart_id',
      timeoutMs: hourMs,
      onEvent: null,
      onTimeout: 'mail',
    },
    { ...cartMail(workspaceId), title: 'Remind her' },
  ],
  phase: 'purchase',
  purpose: 'inform',
  ...change,
})

test('a journey’s versions and its draft say what changes; an old version becomes the draft, what was published stays', async () => {
  const { body } = await call('POST', '/v1/journeys', { name: 'Cart', draft: journey() })
  const url = `/v1/journeys/${body.journeyId}`
  expect((await call('GET', `${url}/draft-changes`)).body).toEqual({ changes: null })
  await call('POST', `${url}/publish`)
  const [wait, mail] = journey().steps
  const later = journey({
    steps: [
      { ...wait, timeoutMs: 2 * hourMs },
      { ...mail, next: 'end' },
      { id: 'end', kind: 'exit', reason: 'done' },
    ],
    goal: { event: 'Order Completed', keyPath: 'cart_id' },
  })
  await call('PUT', url, { draft: later })
  const wanted = [
    ['changed', 'Steps › Step “wait” › At most', '1 hour', '2 hours'],
    ['changed', 'Steps › Step “Remind her” › Then', 'the end', 'end'],
    ['added', 'Steps › Step “end”', null, 'end'],
    ['added', 'Goal', null, expect.stringContaining('Order Completed')],
  ]
  const draft = (await call('GET', `${url}/draft-changes`)).body
  expect(said({ ...draft, version: 0, at: 0, by: '' })).toEqual(wanted)
  await call('POST', `${url}/publish`)
  expect((await call('GET', `${url}/draft-changes`)).body).toEqual({ changes: [] })
  const versions = await versionsOf(url)
  expect(versions.map(({ version }) => version)).toEqual([2, 1])
  expect(said(versions[0])).toEqual(wanted)

  const restored = await call('POST', `${url}/versions/1/restore`)
  expect(restored.body).toMatchObject({ version: 2, changed: true, draft: { steps: [{ timeoutMs: hourMs }, {}] } })
  expect((await call('POST', `${url}/publish`)).body.journey).toMatchObject({ version: 3, changed: false })
  expect(await versionsOf(url)).toHaveLength(3)
  const { items } = (await call('GET', `/v1/audit?object=journey:${body.journeyId}`)).body
  expect(items.map(({ action }: { action: string }) => action)).toContain('journey.restored')
})

test('a template’s versions say which lines changed, and an old one is saved again', async () => {
  const draft = {
    name: 'Hello',
    subject: 'Hello',
    mjml: '<mjml><mj-body>\n<mj-section><mj-column>\n<mj-text>One</mj-text>\n</mj-column></mj-section>\n</mj-body></mjml>',
    topic: 'orders',
  }
  const made = await call('POST', '/v1/templates', draft)
  const url = `/v1/templates/${made.body.templateId}`
  await call('PUT', url, { ...draft, subject: 'Good day', mjml: draft.mjml.replace('One', 'Two') })
  const versions = await versionsOf(url)
  expect(said(versions[0])).toEqual([
    ['changed', 'Subject', 'Hello', 'Good day'],
    ['changed', 'MJML › line 3', '<mj-text>One</mj-text>', '<mj-text>Two</mj-text>'],
  ])
  expect((await call('POST', `${url}/versions/1/restore`)).body).toMatchObject({
    version: 3,
    subject: 'Hello',
    mjml: draft.mjml,
  })
  expect((await call('GET', `/v1/audit?object=template:${made.body.templateId}`)).body.items[0]).toMatchObject({
    action: 'template.restored',
    detail: { version: 1 },
  })
})

test('what is not there and who may not are refused', async () => {
  const finance = await headersOf('finance')
  const made = await call('POST', '/v1/segments', { name: 'Some', rule: bought(1) })
  const url = `/v1/segments/${made.body.segmentId}`
  expect((await call('GET', `${url}/versions`, undefined, finance)).status).toBe(200)
  expect((await call('POST', `${url}/versions/1/restore`, undefined, finance)).status).toBe(403)
  expect((await call('POST', `${url}/versions/9/restore`)).status).toBe(404)
  for (const kind of ['segments', 'journeys', 'templates']) {
    expect((await call('GET', `/v1/${kind}/${newId<string>()}/versions`)).status).toBe(404)
    expect((await call('POST', `/v1/${kind}/${newId<string>()}/versions/1/restore`)).status).toBe(404)
  }
  await settle()
})
