import { expect, onTestFinished, test } from 'vitest'
import { testPipeline } from '../../../tests/harness/pipeline.ts'

test('a number beyond all others, as JSON reads 1e400, costs no event its place', async () => {
  const pipeline = await testPipeline()
  onTestFinished(() => pipeline.stop())
  const { runner, collect, workspaceId, stores } = pipeline
  const ids = Array.from({ length: 100 }, (_, n) => `endless-${String(n).padStart(2, '0')}`)
  const written = ids.map((id, n) => {
    const properties = [
      '{"x":1e400,"y":1}',
      '{"x":{"deep":-1e400},"y":1}',
      '{"x":[1e400,{"z":-1e400}],"y":1}',
      '{"y":1}',
    ][n % 4]
    const context = n % 10 === 0 ? '{"screen":{"density":1e400}}' : '{}'
    return `{"type":"track","event":"Endless","userId":"${id}","messageId":"${id}","properties":${properties},"context":${context}}`
  })
  const traits = '{"score":-1e400,"plan":"gold"}'
  written.push(`{"type":"identify","userId":"endless-00","messageId":"endless-traits","traits":${traits}}`)
  const request = { head: { source: 'test', call: 'batch' }, body: Buffer.from(`{"batch":[${written.join(',')}]}`) }
  await collect.writer.append(workspaceId, 'live', request, written.length)
  await runner.settle(workspaceId)
  expect(await stores.admin('select item, reason from quarantined_item')).toEqual([])
  const [read] = await stores.clickhouse.query({
    sql: `
      select count() as n, countIf(properties.y.:Float64 = 1) as y, countIf(properties.x.:Float64 is not null) as x
      from event where workspace_id = {w:UUID} and name = 'Endless'`,
    params: { w: workspaceId },
  })
  expect(read).toEqual({ n: 100, y: 100, x: 0 })
  const persons = await stores.clickhouse.query({
    sql: `select traits.score.:Float64 as score from person final where workspace_id = {w:UUID} and traits.plan.:String = 'gold'`,
    params: { w: workspaceId },
  })
  expect(persons).toEqual([{ score: null }])
})
