import { Pool } from 'undici'
import { trackEvent } from './load-events.ts'

/**
 * Open loop: every request leaves at its own instant, whether or not earlier ones were answered; an event's instant is
 * when it was *meant* to leave, so a stalled server can't hide behind a stalled client. One event a request.
 */
const [address = '', writeKey = '', people = '1', rate = '200', seconds = '30', journeys = '1', first = '0'] =
  process.argv.slice(2)
const pool = new Pool(address, { connections: 64, pipelining: 1 })
const headers = {
  'content-type': 'application/json',
  authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
}
const total = Number(rate) * Number(seconds)
const oneMessageIn = 20
const started = performance.timeOrigin + performance.now()
let sent = 0
let failed = 0
const open = new Set<Promise<void>>()

const post = async (body: string) => {
  const response = await pool.request({ path: '/v1/batch', method: 'POST', headers, body })
  await response.body.dump()
  if (response.statusCode !== 200) failed += 1
}

const eventOf = (n: number, meantAt: number): string => {
  const id = Number(first) + n
  const user = `user-${Number((BigInt(id) * 2_654_435_761n) % BigInt(people))}`
  if (n % oneMessageIn !== 0) return trackEvent(id, user, Math.round(meantAt))
  process.send?.({ key: `k${id}`, meantAt })
  const at = new Date(meantAt).toISOString()
  return `{"messageId":"bench-trigger-${id}-${Math.round(started)}","type":"track","userId":"${user}","event":"Bench Trigger ${(n / oneMessageIn) % Number(journeys)}","timestamp":"${at}","properties":{"key":"k${id}"}}`
}

await new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    const now = performance.timeOrigin + performance.now()
    while (sent < total) {
      const meantAt = started + (sent * 1000) / Number(rate)
      if (meantAt > now) break
      const request = post(`{"batch":[${eventOf(sent, meantAt)}],"sentAt":"${new Date(now).toISOString()}"}`)
        .catch(() => {
          failed += 1
        })
        .finally(() => open.delete(request))
      open.add(request)
      sent += 1
    }
    if (sent >= total) {
      clearInterval(timer)
      resolve()
    }
  }, 1)
})
await Promise.all(open)
process.send?.({ done: true, sent, failed })
await pool.close()
process.disconnect?.()
