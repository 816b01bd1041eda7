import { Pool } from 'undici'
import { batchBody } from './load-events.ts'

/**
 * The load generator, a process of its own on the same two cores: sends batches over kept connections, each as soon as
 * the last was answered, and stops while the parent says so. Reports what was acknowledged on standard output.
 */
const [address = '', writeKey = '', people = '1', connections = '4', seconds = '60'] = process.argv.slice(2)
const eventsPerRequest = 100
const pool = new Pool(address, { connections: Number(connections) })
const headers = {
  'content-type': 'application/json',
  authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
}
const until = Date.now() + Number(seconds) * 1000
let next = 0
let acknowledged = 0
let bytes = 0
let refused = 0
let held = false
let wake: (() => void) | undefined

process.on('message', (message) => {
  held = message === 'hold'
  if (!held) wake?.()
})

const send = async (): Promise<void> => {
  while (Date.now() < until) {
    if (held) {
      await new Promise<void>((resolve) => {
        wake = resolve
        setTimeout(resolve, 100)
      })
      continue
    }
    const first = next
    next += eventsPerRequest
    const body = batchBody(first, eventsPerRequest, Number(people), Date.now())
    const response = await pool.request({ path: '/v1/batch', method: 'POST', headers, body })
    await response.body.dump()
    if (response.statusCode === 200) {
      acknowledged += eventsPerRequest
      bytes += body.length
    } else refused += 1
  }
}

const report = setInterval(() => process.send?.({ acknowledged, bytes, refused }), 250)
await Promise.all(Array.from({ length: Number(connections) }, send))
clearInterval(report)
process.send?.({ acknowledged, bytes, refused, done: true })
await pool.close()
process.disconnect?.()
