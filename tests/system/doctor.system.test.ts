import { once } from 'node:events'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { isAlive } from '../../server/src/supervisor/index.ts'
import { foundOperation } from '../faults/operation.ts'
import { halt, type ServerProcess, spawnBaton, startServer, until } from '../harness/server-process.ts'

const findings = z.array(z.object({ what: z.string(), remedy: z.string(), weight: z.string() }))
const diagnosis = z.object({
  healthy: z.boolean(),
  outside: z.object({ server: z.object({ pid: z.int() }).nullable(), answers: z.boolean().nullable(), findings }),
  machine: z.object({ engines: z.array(z.object({ name: z.string(), state: z.string() })) }).nullable(),
  workspaces: z.array(z.object({ page: z.object({ setAside: z.object({ events: z.int() }) }) })),
  findings,
})

const placeOf = ({ dataFolder, address }: Pick<ServerProcess, 'dataFolder' | 'address'>) => [
  '--data',
  dataFolder,
  '--port',
  new URL(address).port,
]

const isHealthy = async (server: Pick<ServerProcess, 'dataFolder' | 'address'>): Promise<boolean> => {
  const told = spawnBaton(['doctor', ...placeOf(server), '--json'])
  await told.ended
  return diagnosis.parse(JSON.parse(told.output())).healthy
}

/** What `doctor` prints for people, and the same as one JSON document: asked at once, so of what does not change meanwhile. */
const askDoctor = async (server: Pick<ServerProcess, 'dataFolder' | 'address'>) => {
  const place = placeOf(server)
  const said = spawnBaton(['doctor', ...place])
  const told = spawnBaton(['doctor', ...place, '--json'])
  const [exitCode, exitCodeOfJson] = await Promise.all([said.ended, told.ended])
  expect(exitCodeOfJson).toBe(exitCode)
  const read = diagnosis.parse(JSON.parse(told.output()))
  // The same findings, whichever way it was asked.
  for (const { what } of read.findings) expect(said.output()).toContain(what.split(':')[0])
  return { exitCode, text: said.output(), ...read }
}

const enginesOf = ({ machine }: z.infer<typeof diagnosis>): readonly string[] =>
  (machine?.engines ?? []).map(({ name, state }) => `${name} ${state}`)

test('doctor names the engines that are away and says the rest all the same', async () => {
  const server = await startServer()
  const pids = { postgres: server.pidOf('PostgreSQL'), clickhouse: server.pidOf('ClickHouse') }
  // Nobody is there to start them again.
  const goOn = halt([server.child.pid ?? 0])

  process.kill(pids.postgres, 'SIGKILL')
  const ended = await askDoctor(server)
  expect(ended).toMatchObject({ exitCode: 1, healthy: false, outside: { server: { pid: server.child.pid } } })
  expect(enginesOf(ended)).toEqual(['postgres failed', 'clickhouse ok'])
  expect(ended.findings).toMatchObject([{ what: expect.stringMatching(/^PostgreSQL does not answer: /) }])
  expect(ended.text).toMatch(/PostgreSQL \(embedded, does not answer\)[\s\S]*ClickHouse \S+ \(embedded, answered in/)

  const goOnClickHouse = halt([pids.clickhouse])
  const both = await askDoctor(server)
  expect(enginesOf(both)).toEqual(['postgres failed', 'clickhouse failed'])
  expect(both.findings.map(({ what }) => what.split(' ')[0])).toEqual(['PostgreSQL', 'ClickHouse'])

  goOnClickHouse()
  goOn()
  await until(
    () => isHealthy(server),
    (healthy) => healthy,
  )
  const well = await askDoctor(server)
  expect(well.healthy).toBe(true)
  expect(enginesOf(well)).toEqual(['postgres ok', 'clickhouse ok'])
})

test('doctor says that a killed server left nothing to do, and asks nobody it left behind', async () => {
  const server = await startServer()
  const children = ['api', 'worker'].map((name) => ({ pid: server.pidOf(name), began: '' }))
  server.child.kill('SIGKILL')
  await once(server.child, 'exit')
  await until(
    async () => children.some(isAlive),
    (anyLeft) => !anyLeft,
  )
  const { exitCode, text, machine, findings } = await askDoctor(server)
  expect({ exitCode, machine }).toEqual({ exitCode: 0, machine: null })
  expect(findings).toMatchObject([{ what: expect.stringContaining('was ended without stopping'), weight: 'note' }])
  expect(text).toContain('no server runs on this folder')
})

test('doctor says why events were set aside', async () => {
  const server = await startServer()
  const { writeKey } = await foundOperation(() => server.address, server.firstRunToken)
  const sent = await fetch(`${server.address}/v1/track`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
    body: JSON.stringify({ userId: 'u-1' }),
  })
  expect(sent.status).toBe(200)
  const { text } = await until(
    () => askDoctor(server),
    ({ workspaces }) => workspaces.some(({ page }) => page.setAside.events > 0),
  )
  expect(text).toMatch(/set aside: 1 event, because\n\s+missing-event-name .*A track call needs "event"/)
})
