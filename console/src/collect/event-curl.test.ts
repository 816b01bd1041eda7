import { expect, test } from 'vitest'
import { eventCurl } from './event-curl.ts'

test('an event as a command leaves out the id that would make it a duplicate', () => {
  const command = eventCurl('http://127.0.0.1:4400', 'KEY', { type: 'track', event: 'Read', messageId: 'm1' })
  expect(command).toContain('curl http://127.0.0.1:4400/v1/track')
  expect(command).not.toContain('m1')
})

test('quotes of the payload cannot end the quotes of the command', () => {
  const command = eventCurl('http://x', 'KEY', { type: 'track', event: "it's; rm -rf /" })
  expect(command).toContain(`it'\\''s; rm -rf /`)
})

test('a call of an unknown type goes by the batch call, which says why it is refused', () => {
  expect(eventCurl('http://x', 'KEY', { type: 'wobble' })).toContain(`/v1/batch`)
  expect(eventCurl('http://x', 'KEY', 7)).toContain(`{"batch":[{"value":7}]}`)
})
