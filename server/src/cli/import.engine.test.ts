import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { testStores } from '../../../tests/harness/stores.ts'
import { readConfig } from '../config.ts'
import { openRooms } from '../main.ts'

const stores = await testStores()
const secret = 'a secret of thirty-two characters or more'

test.each([
  { at: 'POST', signal: 'SIGINT', code: 130, said: 'Stopped before the whole file was sent' },
  { at: 'GET', signal: 'SIGTERM', code: 143, said: 'Stopped looking; the server has the file' },
] as const)(
  'an import that is stopped at its $at says so, fails, and leaves no key behind',
  {
    timeout: 60_000,
  },
  async ({ at, signal, code, said }) => {
    const folder = mkdtempSync(join(tmpdir(), 'baton-import-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const { databaseUrl, clickhouseUrl } = stores
    const rooms = await openRooms(readConfig({ BATON_DATA: folder, BATON_SECRET: secret }), stores)
    const draft = { name: 'Toys', currency: 'EUR', timeZone: 'UTC' }
    const { workspaceId } = await rooms.workspaces.create(draft, { ownerId: null })
    await rooms.close()

    // A server that takes the file and then leaves the caller waiting.
    const asked = Promise.withResolvers<void>()
    const server = createServer((request, answer) => {
      if (request.method === at) return asked.resolve()
      request.resume().on('end', () => {
        answer.setHeader('content-type', 'application/json')
        answer.end(JSON.stringify({ importId: workspaceId }))
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => server.closeAllConnections())
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    writeFileSync(join(folder, 'connections.json'), JSON.stringify({ databaseUrl, clickhouseUrl, ownerUrl: null }))
    writeFileSync(join(folder, 'orders.csv'), 'customer,date,amount\n1,2026-01-01,5\n')

    const child = spawn(
      process.execPath,
      [
        ...[join(import.meta.dirname, 'main.ts'), 'import', 'orders', join(folder, 'orders.csv')],
        ...['--data', folder, '--port', String(port), '--workspace', workspaceId],
        ...['--map', 'customer=customer', 'date=date', 'amount=amount'],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH ?? '', BATON_SECRET: secret } },
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    const closed = once(child, 'close')
    await Promise.race([asked.promise, closed])
    // The terminal's, and npm's.
    child.kill(signal)
    child.kill(signal)
    await closed
    expect([child.exitCode, child.signalCode, errors]).toEqual([code, null, expect.stringContaining(said)])
    const keys = await stores.admin(
      'select name, revoked_at is null as works from access_key where workspace_id = $1',
      [workspaceId],
    )
    expect(keys).toEqual([{ name: 'one command', works: false }])
  },
)
