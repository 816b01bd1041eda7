import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isolatePoison } from './isolate-poison.ts'
import { findPoison } from './quarantine.ts'

test('poison is found among good events, and nothing good is set aside while single ones fail', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(500), { maxLength: 60 }),
      fc.uniqueArray(fc.nat(500), { maxLength: 4 }),
      async (items, bad) => {
        const poison = new Set(bad)
        const found = await isolatePoison(items, async (subset) => subset.some((item) => poison.has(item)))
        expect([...found].sort()).toEqual(items.filter((item) => poison.has(item)).sort())
      },
    ),
  )
})

describe('what work can’t be done with', () => {
  const refuses = (poison: ReadonlySet<number>) => async (subset: readonly number[]) => {
    const found = subset.find((item) => poison.has(item))
    if (found !== undefined) throw new RangeError(`not ${found}`)
  }

  test('is named with what was said about each', async () => {
    const trial = refuses(new Set([3, 8]))
    const poison = await findPoison([1, 3, 5, 8, 9], new RangeError('not 3'), trial)
    expect(poison).toEqual([
      { item: 3, reason: 'not 3' },
      { item: 8, reason: 'not 8' },
    ])
  })

  test('is nothing where the failure is not about data: that is tried again', async () => {
    const away = new Error('no answer')
    await expect(findPoison([1], away, refuses(new Set([1])))).rejects.toBe(away)
    const trial = () => Promise.reject(away)
    await expect(findPoison([1], new RangeError('once'), trial)).rejects.toBe(away)
  })

  test('is nothing where the work fails without any of it', async () => {
    const broken = new TypeError('a bug, whatever the items')
    await expect(findPoison([1, 2], broken, () => Promise.reject(new TypeError('still')))).rejects.toBe(broken)
  })
})
