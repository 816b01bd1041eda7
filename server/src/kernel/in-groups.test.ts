import { expect, test } from 'vitest'
import { inGroups } from './in-groups.ts'

const recorded = (most: number) => {
  const groups: string[] = []
  let go = Promise.withResolvers<void>()
  const ask = inGroups(most, async (key: string, items: readonly number[]) => {
    groups.push(`${key}:${items.join(',')}`)
    await go.promise
    if (items.includes(13)) throw new Error('unlucky')
    return items.length
  })
  const release = () => {
    const { resolve } = go
    go = Promise.withResolvers()
    resolve()
  }
  return { groups, ask, release }
}

test('who asks in the same breath goes together; who asks while they are under way, in the next group', async () => {
  const { groups, ask, release } = recorded(10)
  const first = [ask('a', 1), ask('a', 2), ask('b', 3)]
  await Promise.resolve()
  const second = [ask('a', 4), ask('a', 5)]
  release()
  expect(await Promise.all(first)).toEqual([2, 2, 1])
  release()
  expect(await Promise.all(second)).toEqual([2, 2])
  expect(groups).toEqual(['a:1,2', 'b:3', 'a:4,5'])
})

test('a group has no more than it may; one that fails, fails for its own, and the next goes on', async () => {
  const { groups, ask, release } = recorded(2)
  const asked = [ask('a', 1), ask('a', 13), ask('a', 3)].map((answer) => answer.catch((error: Error) => error.message))
  await Promise.resolve()
  release()
  expect(await Promise.all(asked.slice(0, 2))).toEqual(['unlucky', 'unlucky'])
  release()
  expect(await asked[2]).toBe(1)
  expect(groups).toEqual(['a:1,13', 'a:3'])
})
