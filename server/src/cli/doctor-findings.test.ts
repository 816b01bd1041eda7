import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../config.ts'
import { lookFromOutside } from './doctor-findings.ts'

const engines = { DATABASE_URL: 'postgres://baton_app@db.invalid/baton', CLICKHOUSE_URL: 'http://counts.invalid:8123' }

/** What doctor sees from a folder that no server runs on, while somebody listens on the port. */
const lookBeside = async (answer: string, env: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-doctor-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const server = createServer((_, response) => response.end(answer)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const { findings, ...seen } = await lookFromOutside(
    readConfig({ ...env, BATON_DATA: folder, BATON_PORT: String(port) }),
  )
  const aboutThePort = findings.map(({ what }) => what).filter((what) => what.includes(String(port)))
  return { ...seen, address: `http://127.0.0.1:${port}`, aboutThePort }
}
const healthy = JSON.stringify({ state: 'ok' })

test('an api of its own, on engines that the settings name, is the server and nothing to stop', async () => {
  const { address, ...seen } = await lookBeside(healthy, engines)
  expect(seen).toEqual({ server: null, answers: true, apiAt: address, aboutThePort: [] })
})

test.each([
  ['a program that is not Baton', 'hello', engines],
  ['a Baton beside a folder whose engines are its own', healthy, {}],
])('%s is in the way', async (_, answer, env) => {
  const seen = await lookBeside(answer, env)
  expect(seen).toMatchObject({ server: null, answers: null, apiAt: null })
  expect(seen.aboutThePort).toEqual([expect.stringMatching(/^Another program listens on 127\.0\.0\.1:\d+$/)])
})
