import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '../main.ts'

/** Takes no byte, as a full disk. */
const full = '/dev/full'

test.skipIf(!existsSync(full))('a start whose words a full disk refuses goes on', { timeout: 60_000 }, async () => {
  const nowhere = openSync(full, 'w')
  onTestFinished(() => closeSync(nowhere))
  const folder = mkdtempSync(join(tmpdir(), 'baton-words-'))
  chmodSync(folder, 0o755)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'main.ts'), 'start', '--data', join(folder, 'data'), '--port', String(port)],
    { stdio: ['ignore', nowhere, 'pipe'] },
  )
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await once(child, 'close')
  // As far as it can get here.
  expect(said).toContain(`Another program listens on 127.0.0.1:${port}`)
  expect(said).not.toContain('ENOSPC')
})

test.skipIf(!existsSync(full))('a log line that a full disk refuses ends nobody', () => {
  const log = createLog({ logLevel: 'info' }, 'engines', full)
  expect(() => log.info('lost')).not.toThrow()
  expect(() => log.info('lost, too')).not.toThrow()
})
