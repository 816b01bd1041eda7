import { describe, expect, test } from 'vitest'
import { createEgress, isPublic } from './egress.ts'

const opened: string[] = []
const egress = (addresses: readonly string[], allow: readonly string[] = []) =>
  createEgress({
    allow,
    resolve: async () => addresses,
    open: (address, port) => {
      opened.push(`${address}:${port}`)
      throw new Error('stub connector')
    },
  })

describe('egress', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '0.0.0.0',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001::1',
    'fe80::1%eth0',
  ])('%s is not public', (address) => expect(isPublic(address)).toBe(false))

  test.each(['93.184.215.14', '8.8.8.8', '2606:2800:21f:cb07:6820:80da:af6b:8b2c', '::ffff:8.8.8.8'])(
    '%s is public',
    (address) => expect(isPublic(address)).toBe(true),
  )

  test('a name is refused when any of its addresses is private', async () => {
    await expect(egress(['8.8.8.8', '10.0.0.1']).check({ host: 'a.example', port: 25 })).rejects.toMatchObject({
      kind: 'forbidden',
    })
  })

  test('the address that was checked is the one that is connected to', async () => {
    await expect(egress(['8.8.8.8']).connect({ host: 'a.example', port: 25 }, { timeoutMs: 10 })).rejects.toThrow(
      'stub connector',
    )
    expect(opened.splice(0)).toEqual(['8.8.8.8:25'])
  })

  test('configuration allows one host and port, or all ports of a host', async () => {
    expect(await egress(['10.0.0.1'], ['mail.lan:25']).check({ host: 'mail.lan', port: 25 })).toBe('10.0.0.1')
    expect(await egress(['10.0.0.1'], ['10.0.0.1:*']).check({ host: 'mail.lan', port: 587 })).toBe('10.0.0.1')
    await expect(egress(['10.0.0.1'], ['mail.lan:25']).check({ host: 'mail.lan', port: 26 })).rejects.toMatchObject({
      kind: 'forbidden',
    })
  })
})
