import { expect, test } from 'vitest'
import { testEveryRoom } from '../../../tests/harness/every-room.ts'

/** Two people who change the same template or brand kit. */
const { call } = await testEveryRoom()

const draft = (subject: string) => ({ name: 'Spring', subject, mjml: '<mjml><mj-body /></mjml>', topic: 'offers' })

test('a template that was changed since it was read is not overwritten', async () => {
  const made = (await call('POST', '/v1/templates', draft('First'))).body
  const url = `/v1/templates/${made.templateId}`
  const save = (subject: string, expectedUpdatedAt?: number) =>
    call('PUT', url, { ...draft(subject), ...(expectedUpdatedAt === undefined ? {} : { expectedUpdatedAt }) })

  const second = await save('Second', made.updatedAt)
  expect(second).toMatchObject({ status: 200, body: { version: 2, subject: 'Second' } })
  // The clock stands still: every version has an instant of its own all the same.
  expect(second.body.updatedAt).toBeGreaterThan(made.updatedAt)

  expect(await save('Made of the first', made.updatedAt)).toMatchObject({
    status: 409,
    body: { error: { code: 'conflict', details: { changedAt: second.body.updatedAt } } },
  })
  expect((await call('GET', url)).body).toMatchObject({ version: 2, subject: 'Second' })
  // Who does not say what was read overwrites.
  expect(await save('Third')).toMatchObject({ status: 200, body: { version: 3 } })
})

test('of two who save at once from the same version one is told so', async () => {
  const made = (await call('POST', '/v1/templates', draft('First'))).body
  const saved = await Promise.all(
    ['Hers', 'His'].map((subject) =>
      call('PUT', `/v1/templates/${made.templateId}`, { ...draft(subject), expectedUpdatedAt: made.updatedAt }),
    ),
  )
  expect(saved.map(({ status }) => status).sort()).toEqual([200, 409])
  expect((await call('GET', `/v1/templates/${made.templateId}`)).body.version).toBe(2)
})

test('a template that is gone is not found, whatever was read', async () => {
  const made = (await call('POST', '/v1/templates', draft('First'))).body
  const url = `/v1/templates/${made.templateId}`
  await call('DELETE', url)
  const saved = await call('PUT', url, { ...draft('Second'), expectedUpdatedAt: made.updatedAt })
  expect(saved.status).toBe(404)
})

test('of the brand kit only what is named changes, also when two change parts of it at once', async () => {
  await call('PUT', '/v1/brand-kit', { website: 'https://toys.example' })
  await Promise.all([
    call('PUT', '/v1/brand-kit', { name: 'Good toys' }),
    call('PUT', '/v1/brand-kit', { color: '#aa0000' }),
    call('PUT', '/v1/brand-kit', { address: 'Main Street 1' }),
  ])
  expect((await call('GET', '/v1/brand-kit')).body).toEqual({
    name: 'Good toys',
    color: '#aa0000',
    address: 'Main Street 1',
    website: 'https://toys.example',
    logoUrl: null,
  })
  expect((await call('PUT', '/v1/brand-kit', { website: null })).body).toMatchObject({
    website: null,
    name: 'Good toys',
  })
})
