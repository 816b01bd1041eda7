import { expect, test } from 'vitest'
import { movableClock } from '../kernel/index.ts'
import { createLookupCache } from './lookup-cache.ts'

const counting = (maxEntries = 10) => {
  const clock = movableClock(0)
  const asked: string[] = []
  const load = async (key: string): Promise<string> => {
    asked.push(key)
    if (key === 'broken') throw new Error('down')
    return key.toUpperCase()
  }
  return { clock, asked, cache: createLookupCache({ load, ttlMs: 5000, maxEntries, clock }) }
}

test('an answer is remembered for its time and not longer, and a clock that was set back does not keep it', async () => {
  const { cache, clock, asked } = counting()
  expect(await Promise.all([cache.get('a'), cache.get('a')])).toEqual(['A', 'A'])
  clock.moveTo(4999)
  await cache.get('a')
  expect(asked).toEqual(['a'])
  clock.moveTo(5000)
  await cache.get('a')
  clock.moveTo(0)
  await cache.get('a')
  expect(asked).toEqual(['a', 'a', 'a'])
})

test('a change here is seen at once, a failure is not remembered, and the oldest makes room', async () => {
  const { cache, asked } = counting(2)
  await cache.get('a')
  cache.forget()
  await cache.get('a')
  await expect(cache.get('broken')).rejects.toThrow('down')
  await expect(cache.get('broken')).rejects.toThrow('down')
  for (const key of ['b', 'c', 'a']) await cache.get(key)
  expect(asked).toEqual(['a', 'a', 'broken', 'broken', 'b', 'c', 'a'])
})
