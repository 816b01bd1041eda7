import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blankEvents, rawEventsOf } from './blank-events.ts'
import { decodeBatch, encodeBatch, type LoggedRequest } from './frame.ts'
import { readRequests } from './read-requests.ts'

const batchOf = (text: string): LoggedRequest => ({ head: { source: 'key', call: 'batch' }, body: Buffer.from(text) })
const bodies = (requests: readonly LoggedRequest[]) => requests.map(({ body }) => body.toString('utf8'))

test('her event leaves null in its place; not a byte of the others changes', () => {
  const text =
    '{ "sentAt":"2026-01-01" , "batch":[ {"a":"]}\\"," , "b":[1,{}]} ,\n{"hers":"ünï \\\\"}, 7.50,"x"] ,"context": {"batch":[9]}}'
  expect(bodies(blankEvents([batchOf(text)], (index) => index === 1))).toEqual([
    '{ "sentAt":"2026-01-01" , "batch":[ {"a":"]}\\"," , "b":[1,{}]} ,\nnull, 7.50,"x"] ,"context": {"batch":[9]}}',
  ])
})

test('of a request that is hers alone nothing stays but how many events it had', () => {
  const single: LoggedRequest = { head: { source: 'key', call: 'track' }, body: Buffer.from('{"userId":"ada"}') }
  const both = [batchOf('{"context":{"ip":"1.2.3.4"},"batch":[{"userId":"ada"},{"userId":"ada"}]}'), single]
  expect(bodies(blankEvents(both, () => true))).toEqual(['{"batch":[null,null]}', 'null'])
})

test('of two arrays named batch the last counts, however its name is spelled', () => {
  const text = '{"batch":[1,2,3],"\\u0062atch":[{"hers":1},{"other":2}]}'
  expect(bodies(blankEvents([batchOf(text)], (index) => index === 0))).toEqual([
    '{"batch":[1,2,3],"\\u0062atch":[null,{"other":2}]}',
  ])
})

test('whatever goes, the others are read as before, at the same index', () => {
  const requests = fc.array(
    fc.oneof(
      fc
        .array(fc.jsonValue(), { maxLength: 6 })
        .map((batch) => batchOf(JSON.stringify({ x: 1, batch, y: [2] }, null, 1))),
      fc.jsonValue().map(
        (one): LoggedRequest => ({
          head: { source: 's', call: 'track' },
          body: Buffer.from(JSON.stringify(one)),
        }),
      ),
      fc.jsonValue().map((one) => batchOf(JSON.stringify(one))),
    ),
    { maxLength: 4 },
  )
  const batch = { position: 7 as never, receivedAt: 1_000_000 }
  fc.assert(
    fc.property(requests, fc.infiniteStream(fc.boolean()), (before, random) => {
      const count = before.flatMap(rawEventsOf).length
      const gone = Array.from({ length: count }, () => random.next().value)
      const after = decodeBatch(encodeBatch(blankEvents(before, (index) => gone[index] === true)))
      const was = readRequests(before, batch)
      const is = readRequests(after, batch)
      expect(is).toHaveLength(was.length)
      is.forEach((event, index) => {
        if (gone[index]) expect(after.flatMap(rawEventsOf)[index]).toBeNull()
        else expect(event).toEqual(was[index])
      })
    }),
  )
})
