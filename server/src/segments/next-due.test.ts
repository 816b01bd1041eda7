import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId, type WorkspaceId } from '../kernel/index.ts'
import { createNextDueMemory, nextDueAfter } from './next-due.ts'
import { never } from './sql-scope.ts'

const row = fc.record({
  person: fc.integer({ min: 0, max: 5 }),
  inMs: fc.oneof(fc.integer({ min: -5, max: 50 }), fc.constant(never)),
  gone: fc.boolean(),
})

test('what is remembered is never later than the earliest change among all masks after now', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ later: fc.nat(20), rows: fc.array(row, { maxLength: 4 }) })), (ticks) => {
      const masks = new Map<number, number>()
      let now = 1_000
      let remembered: number | null | undefined
      for (const { later, rows } of ticks) {
        now += later
        const written = rows.map(({ person, inMs, gone }) => ({
          person,
          nextChangeAt: gone || inMs === never ? never : now + inMs,
          gone,
        }))
        for (const { person, nextChangeAt } of written) masks.set(person, nextChangeAt)
        remembered = nextDueAfter(remembered, now, written)
        const ahead = [...masks.values()].filter((at) => at > now && at < never)
        const truth = ahead.length === 0 ? null : Math.min(...ahead)
        // What only ClickHouse can say is asked there.
        if (remembered === undefined) remembered = truth
        if (truth !== null) expect(remembered).toBeLessThanOrEqual(truth)
        if (remembered !== null) expect(remembered).toBeGreaterThan(now)
      }
    }),
  )
})

test('after a tick of somebody else nothing is remembered', () => {
  const memory = createNextDueMemory()
  const workspaceId = newId<WorkspaceId>()
  expect(memory.of(workspaceId, 1)).toBeUndefined()
  memory.keep(workspaceId, 1, null)
  expect(memory.of(workspaceId, 1)).toBeNull()
  expect(memory.of(workspaceId, 2)).toBeUndefined()
})
