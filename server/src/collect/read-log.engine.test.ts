import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addWorkspace } from '../../../tests/harness/pipeline.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { movableClock, type Position } from '../kernel/index.ts'
import { createCollect, readLogAfter } from './index.ts'

const stores = await testStores()
const { postgres } = stores

test('read turn by turn, the log gives every batch once, in order, and as many a turn as were asked for', async () => {
  const collect = createCollect({ postgres, clock: movableClock(Date.UTC(2026, 10, 2)) })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 25 }),
      fc.integer({ min: 1, max: 40 }),
      async (sizes, most) => {
        const workspaceId = await addWorkspace(stores)
        const positions: Position[] = []
        for (const [index, size] of sizes.entries()) {
          const events = Array.from({ length: size }, (_, n) => ({ messageId: `${index} ${n}`, type: 'track' }))
          const request = {
            head: { source: 'test', call: 'batch' },
            body: Buffer.from(JSON.stringify({ batch: events })),
          }
          positions.push(await collect.writer.append(workspaceId, 'live', request, size))
        }
        const read: Position[] = []
        for (let after = 0 as Position, more = true; more; ) {
          const turn = await readLogAfter(postgres, workspaceId, 'live', after, most)
          const events = turn.batches.reduce((sum, { eventCount }) => sum + eventCount, 0)
          expect(turn.batches.length <= 1 || events <= most).toBe(true)
          read.push(...turn.batches.map(({ position }) => position))
          after = turn.batches.at(-1)?.position ?? after
          more = turn.more
        }
        expect(read).toEqual(positions)
        expect(
          await readLogAfter(postgres, workspaceId, 'live', positions.at(-1) ?? (0 as Position), most),
        ).toMatchObject({
          batches: [],
          more: false,
          unsettled: false,
        })
      },
    ),
    { numRuns: 25 },
  )
})

test('batches that are big and hold no events are not all read at once', async () => {
  const collect = createCollect({ postgres, clock: movableClock(Date.UTC(2026, 10, 2)) })
  const workspaceId = await addWorkspace(stores)
  const noise = Buffer.from(Array.from({ length: 600_000 }, (_, n) => (n * 2_654_435_761) >>> 13).join())
  for (let n = 0; n < 40; n += 1)
    await collect.writer.append(workspaceId, 'live', { head: { source: 'test', call: 'batch' }, body: noise }, 0)
  const { batches, more } = await readLogAfter(postgres, workspaceId, 'live', 0 as Position, 1_000)
  expect(batches.reduce((sum, { payload }) => sum + payload.length, 0)).toBeLessThanOrEqual(16 * 1024 * 1024)
  expect({ left: batches.length < 40, more }).toEqual({ left: true, more: true })
})
