import { rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { crashPoints } from '../../server/src/kernel/crash-point.ts'
import { must } from '../../server/src/kernel/index.ts'
import { createClickHouse } from '../../server/src/stores/index.ts'
import { readConnections } from '../../server/src/supervisor/index.ts'
import { fillOperation } from '../e2e/small-operation.ts'
import { foundOperation } from '../faults/operation.ts'
import { spawnBaton, startServer, until } from '../harness/server-process.ts'
import { readStores } from '../harness/witness-stores.ts'

const baton = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { ended, child, output } = spawnBaton(args, { env })
  const code = await ended
  return { code, signal: child.signalCode, said: output() }
}

/** What ClickHouse says of events, people, the map, orders and masks: counts and sums of hashes over whole rows. */
const projectionOf = async (dataFolder: string): Promise<unknown> => {
  const clickhouse = createClickHouse({ url: must(readConnections(dataFolder), 'a server runs there').clickhouseUrl })
  try {
    return await clickhouse.query({
      sql: `select
        (select (count(), sum(cityHash64(subject_id, occurred_at, received_at, name, message_id, historic, toString(properties), position))) from event) as events,
        (select (count(), sum(cityHash64(person_id, arraySort(subjects), toString(traits)))) from person final where not gone) as persons,
        (select (count(), sum(cityHash64(subject_id, person_id))) from subject_person final where subject_id != person_id) as map,
        (select (count(), sum(cityHash64(order_id, gross_minor, refunded_minor))) from customer_order final) as orders,
        (select (count(), sum(cityHash64(person_id, toString(words)))) from rule_mask final where not gone) as masks`,
    })
  } finally {
    await clickhouse.close()
  }
}

/** How much was entered, decided and sent so far. */
const consequencesOf = async (dataFolder: string, workspaceId: string): Promise<unknown> => {
  const client = new pg.Client({
    connectionString: must(readConnections(dataFolder), 'a server runs there').databaseUrl,
  })
  await client.connect()
  try {
    await client.query(`select set_config('baton.workspace', $1, false)`, [workspaceId])
    const tables = [
      'membership_change',
      'life_cycle_move',
      'journey_run',
      'message',
      'message_transition',
      'mailbox_mail',
    ]
    const counts = tables.map((table) => `(select count(*)::int from ${table}) as ${table}`)
    return (await client.query(`select ${counts.join(', ')}`)).rows
  } finally {
    await client.end()
  }
}

/** A server whose small operation has all its events, nothing of them waiting. */
const filledServer = async () => {
  const server = await startServer()
  const { dataFolder } = server
  let { address } = server
  const operation = await foundOperation(() => address, server.firstRunToken)
  await fillOperation(operation, address)
  const stores = readStores(operation.workspaceId, () => must(readConnections(dataFolder), 'the server runs'))
  const quiet = () =>
    until(
      () => stores.waiting(),
      (waiting) => waiting.length === 0,
      60_000,
    )
  await quiet()
  const startAgain = async (): Promise<string> => {
    address = (await startServer({ dataFolder })).address
    return address
  }
  return { server, dataFolder, operation, stores, quiet, startAgain }
}

const mails = z.object({ items: z.array(z.object({ to: z.string() })) })

test('a rebuild beside a running server gives the same, sets nothing off, and killed anywhere it is done by the next one', {
  timeout: 300_000,
}, async () => {
  const { server, dataFolder, operation, stores, quiet } = await filledServer()
  const before = { rows: await projectionOf(dataFolder), set: await consequencesOf(dataFolder, operation.workspaceId) }
  const now = async () => ({
    rows: await projectionOf(dataFolder),
    set: await consequencesOf(dataFolder, operation.workspaceId),
  })

  for (const point of crashPoints.filter((each) => each.startsWith('rebuild.'))) {
    expect(await baton(['rebuild', '--data', dataFolder], { CRASH_AT: `${point}:1` })).toMatchObject({
      code: null,
      signal: 'SIGKILL',
    })
    expect([point, await now()]).toEqual([point, before])
    expect(await baton(['rebuild', '--data', dataFolder])).toMatchObject({
      code: 0,
      said: expect.stringMatching(/Rebuilt: \d+ events, \d+ people/),
    })
    expect([point, await now()]).toEqual([point, before])
  }

  // Life goes on: who comes now is projected, enters and gets her mail.
  const sent = await fetch(`${server.address}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operation.writeKey}` },
    body: JSON.stringify({
      batch: [
        { type: 'identify', userId: 'gus', messageId: 'g-1', traits: { email: 'gus@customers.example' } },
        { type: 'track', userId: 'gus', messageId: 'g-2', event: 'Product Added', properties: { cart_id: 'cart-gus' } },
      ],
    }),
  })
  expect(sent.status).toBe(200)
  await until(
    async () => mails.parse(await operation.call('GET', '/v1/mailbox')).items,
    (found) => found.some(({ to }) => to.includes('gus@')),
    60_000,
  )
  await quiet()
  expect((await stores.memberships()).wrong).toEqual([])
})

const operations = z.object({ problems: z.array(z.object({ sentence: z.string() })) })

test('ClickHouse lost: segments wait for the rebuild, Operations says so, and nobody enters by the loss', {
  timeout: 300_000,
}, async () => {
  const { server, dataFolder, operation, stores, quiet, startAgain } = await filledServer()
  const set = await consequencesOf(dataFolder, operation.workspaceId)
  expect(await server.stop()).toBe(0)
  rmSync(join(dataFolder, 'clickhouse'), { recursive: true })

  const address = await startAgain()
  const sent = await fetch(`${address}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operation.writeKey}` },
    body: JSON.stringify({
      batch: [{ type: 'identify', userId: 'bea', messageId: 'after-the-loss', traits: { nickname: 'B' } }],
    }),
  })
  expect(sent.status).toBe(200)
  await until(
    async () => operations.parse(await operation.call('GET', '/v1/operations')).problems,
    (problems) => problems.some(({ sentence }) => sentence.includes('run "baton rebuild"')),
    60_000,
  )
  expect(await consequencesOf(dataFolder, operation.workspaceId)).toEqual(set)
  expect(await baton(['rebuild', '--data', dataFolder])).toMatchObject({ code: 0 })
  await quiet()
  expect(await consequencesOf(dataFolder, operation.workspaceId)).toEqual(set)
  expect((await stores.memberships()).wrong).toEqual([])
})
