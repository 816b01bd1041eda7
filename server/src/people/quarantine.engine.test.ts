import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestPipeline, testPipeline } from '../../../tests/harness/pipeline.ts'
import { holdWorkers } from '../jobs/index.ts'
import { systemClock } from '../kernel/index.ts'
import { readLiveEvents } from './live-events.ts'
import { rebuildProjection } from './rebuild.ts'

let pipeline: TestPipeline
beforeAll(async () => {
  pipeline = await testPipeline()
})
afterAll(() => pipeline.stop())

const alter = (sql: string) => pipeline.stores.clickhouse.command({ sql })
const eventsOf = async (name: string, table = 'event') => {
  const rows = await pipeline.stores.clickhouse.query<{ message_id: string }>({
    sql: `select message_id from ${table} where workspace_id = {w:UUID} and name = {name:String} order by message_id`,
    params: { w: pipeline.workspaceId, name },
  })
  return rows.map((row) => row.message_id)
}
const quarantined = () =>
  pipeline.stores.admin<{ stage: string; kind: string; item: string; reason: string }>(
    'select stage, kind, item, reason from quarantined_item order by stage, kind, item',
  )
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `m-${String(n).padStart(3, '0')}`)
const tracks = (ids: readonly string[], event: string) =>
  ids.map((messageId) => ({ type: 'track', userId: `u-${messageId}`, event, messageId }))

const rebuild = () => {
  const { stores, people, workspaceId } = pipeline
  return rebuildProjection({
    postgres: stores.postgres,
    clickhouse: stores.clickhouse,
    feed: people.feed,
    workspaces: async () => [workspaceId],
    holdWorkers: (work) => holdWorkers({ postgres: stores.postgres, clock: systemClock }, work),
    signal: new AbortController().signal,
    progress: () => {},
  })
}

describe('what a stage can’t deal with is set aside, and everything else goes on', () => {
  test('a batch of the log that is not what was written', async () => {
    const { runner, collect, workspaceId, stores } = pipeline
    const release = runner.hold(workspaceId)
    for (const id of ['before', 'broken', 'after'])
      await collect.appendEvents(workspaceId, 'live', tracks([id], 'Around It') as never, { source: 'test' })
    const [batch] = await stores.admin<{ position: number }>(`
      update log_batch set payload = substring(payload for 12)
      where position = (select max(position) from log_batch where position < (select max(position) from log_batch))
      returning position`)
    release()
    await runner.settle(workspaceId)
    expect(await eventsOf('Around It')).toEqual(['after', 'before'])
    expect(await quarantined()).toContainEqual(
      expect.objectContaining({ stage: 'people', kind: 'batch', item: String(batch?.position) }),
    )
    const live = await readLiveEvents(stores.postgres, workspaceId, {
      before: null,
      limit: 5,
      filter: { name: 'Around It' },
    })
    expect(live.items.map((event) => event.messageId)).toEqual(['after', 'before'])
  })

  test('what is nested so deep that nothing can be written of it: alone, whatever it is and wherever it stands', async () => {
    const { runner, collect, workspaceId, stores } = pipeline
    const deep = (bottom: string) => `${'['.repeat(15_000)}${bottom}${']'.repeat(15_000)}`
    const written = [
      `{"type":"track","userId":"u","event":"Deep","properties":{"0":${deep('1')}}}`,
      deep('{"0":1}'),
      `{"type":{"0":${deep('1')}}}`,
      `{"type":"track","userId":"u","event":"Beside It","messageId":"beside"}`,
    ]
    const append = (body: string, count: number) =>
      collect.writer.append(
        workspaceId,
        'live',
        { head: { source: 'test', call: 'batch' }, body: Buffer.from(body) },
        count,
      )
    const release = runner.hold(workspaceId)
    await Promise.all([
      append(`{"batch":[${written.join()}]}`, written.length),
      append(`{"batch":[{"type":"track","userId":"o","event":"Beside It","messageId":"other"}]}`, 1),
    ])
    release()
    await runner.settle(workspaceId)
    expect(await eventsOf('Beside It')).toEqual(['beside', 'other'])
    const kept = await stores.admin<{ reason: string; event: Buffer }>(
      `select reason, event from quarantined_event where event_index < 3 order by event_index`,
    )
    expect(kept.map(({ reason }) => reason)).toEqual(['too-deep', 'not-an-object', 'unknown-type'])
    expect(kept.map(({ event }) => event.toString())).toEqual(written.slice(0, 3))

    const { items } = await readLiveEvents(stores.postgres, workspaceId, {
      before: null,
      limit: 5,
      filter: { search: '[[[[', verdict: 'quarantined' },
    })
    expect(items.map(({ raw }) => raw)).toEqual(written.slice(0, 3).reverse())
    expect(JSON.parse(JSON.stringify(items))).toHaveLength(3)
  })

  test('events and an order that ClickHouse refuses; the rebuild leaves them out, too', async () => {
    const ids = numbered(60)
    await alter(`alter table event add constraint no_poison check message_id not in ('m-007', 'm-042')`)
    await alter(`alter table customer_order add constraint no_poison check order_id != 'poison'`)
    const orders = ['fine', 'poison'].map((order_id) => ({
      type: 'track',
      userId: 'buyer',
      event: 'Order Completed',
      properties: { order_id, total: 5, currency: 'EUR' },
    }))
    await pipeline.send(...tracks(ids, 'In Bad Company'), ...orders)
    await pipeline.send(...tracks(['later'], 'Afterwards'))

    const taken = ids.filter((id) => id !== 'm-007' && id !== 'm-042')
    expect(await eventsOf('In Bad Company')).toEqual(taken)
    expect(await eventsOf('Afterwards')).toEqual(['later'])
    expect((await quarantined()).filter(({ stage }) => stage === 'projection')).toMatchObject([
      { stage: 'projection', kind: 'event', item: 'm-007', reason: expect.stringContaining('no_poison') },
      { stage: 'projection', kind: 'event', item: 'm-042' },
      { stage: 'projection', kind: 'order', item: 'poison' },
    ])

    expect(await rebuild()).toMatchObject({ kind: 'rebuilt', events: 67 - 2 })
    expect(await eventsOf('In Bad Company')).toEqual(taken)

    // Made anew once ClickHouse takes them, they are there: the log has all of it.
    await alter('alter table event drop constraint no_poison')
    await alter('alter table customer_order drop constraint no_poison')
    expect(await rebuild()).toMatchObject({ kind: 'rebuilt', events: 67 })
    expect(await eventsOf('In Bad Company')).toEqual(ids)
    expect(await eventsOf('Around It')).toEqual(['after', 'before'])
  })
})
