import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { ApiError } from '../api/api-error.ts'
import { isSessionOver, mostBehind } from './behind.ts'

/** A page that shows what `ask` answers under each key; questions are asked again by the test. */
const openPage = () => {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } })
  const leave: (() => void)[] = []
  return {
    queries,
    all: () => queries.getQueryCache().getAll(),
    show: async (key: string, ask: () => Promise<unknown>) => {
      const observer = new QueryObserver(queries, { queryKey: [key], queryFn: ask })
      leave.push(observer.subscribe(() => undefined))
      await queries.refetchQueries({ queryKey: [key] })
    },
    leaveAll: () => {
      for (const each of leave) each()
    },
  }
}
const refusal = (status: number) => new ApiError({ status, code: 'x', message: 'No.' })

test('what is shown and cannot be asked anew is behind until it can be, and not after the page was left', async () => {
  const page = openPage()
  let works = true
  const ask = async () => {
    if (!works) throw refusal(0)
    return 'figures'
  }
  await page.show('people', ask)
  await page.show('segments', async () => 'segments')
  expect(mostBehind(page.all())).toBeNull()

  works = false
  await page.queries.refetchQueries()
  expect(mostBehind(page.all())?.queryKey).toEqual(['people'])
  expect(mostBehind(page.all())?.state).toBe(mostBehind(page.all())?.state)

  works = true
  await page.queries.refetchQueries()
  expect(mostBehind(page.all())).toBeNull()

  works = false
  await page.queries.refetchQueries()
  page.leaveAll()
  expect(mostBehind(page.all())).toBeNull()
})

test('of several the oldest is told', async () => {
  const page = openPage()
  let works = true
  const ask = async () => {
    if (!works) throw refusal(503)
    return 'figures'
  }
  await page.show('new', ask)
  await page.show('old', ask)
  page.queries.setQueryData(['old'], 'figures', { updatedAt: 1_000 })
  works = false
  await page.queries.refetchQueries()
  expect(mostBehind(page.all())?.queryKey).toEqual(['old'])
  page.leaveAll()
})

test('what never had an answer shows its own error, but tells that the session is over', async () => {
  const page = openPage()
  await page.show('forbidden', () => Promise.reject(refusal(403)))
  expect([mostBehind(page.all()), isSessionOver(page.all())]).toEqual([null, false])
  await page.show('people', () => Promise.reject(refusal(401)))
  expect([mostBehind(page.all()), isSessionOver(page.all())]).toEqual([null, true])
  page.leaveAll()
})
