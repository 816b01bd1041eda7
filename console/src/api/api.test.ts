import { expect, test } from 'vitest'
import { withQuery } from './api.ts'
import { readFault } from './api-error.ts'

test('a query leaves out what is not set and keeps zero and false', () => {
  expect(withQuery('/v1/people', { q: 'ann b', cursor: null, limit: 0, live: false, state: '' })).toBe(
    '/v1/people?q=ann+b&limit=0&live=false',
  )
  expect(withQuery('/v1/people')).toBe('/v1/people')
})

test('an error of the API keeps its code and its remedy', () => {
  const fault = readFault(403, { error: { code: 'forbidden', message: 'No.', remedy: 'Ask an owner.' } })
  expect([fault.status, fault.code, fault.message, fault.remedy]).toEqual([403, 'forbidden', 'No.', 'Ask an owner.'])
})

test.each([undefined, 'gateway', null, [], { message: 7 }])(
  'a failed answer without our envelope still says something: %j',
  (body) => {
    expect(readFault(502, body)).toMatchObject({ status: 502, code: 'http_502' })
  },
)
