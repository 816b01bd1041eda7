import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { choosePort, portRemedy, probePort } from './port.ts'

test('a busy port is said to be busy, with a way out; a free one is free', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const state = await probePort('127.0.0.1', port)
  expect(state.kind).toBe('busy')
  if (state.kind !== 'free') expect(portRemedy(state, port)).toContain(`--port ${port + 1}`)
  other.close()
  await once(other, 'close')
  expect(await probePort('127.0.0.1', port)).toEqual({ kind: 'free' })
})

test('an address that is not on this machine is refused with a reason', async () => {
  const state = await probePort('203.0.113.7', 4400)
  expect(state.kind).toBe('refused')
})

test('a port is chosen that is free, and not one that an outgoing connection could take', async () => {
  const port = await choosePort('127.0.0.1')
  expect(port).toBeLessThan(32_768)
  expect(await probePort('127.0.0.1', port)).toEqual({ kind: 'free' })
})
