import { beforeAll, expect, test } from 'vitest'
import { cartMail } from '../../tests/harness/cart-mail.ts'
import { testEveryRoom } from '../../tests/harness/every-room.ts'
import { must } from './kernel/index.ts'

/** Journeys that are entered through a segment, over every room, each stage's turns made by hand. */
const { stores, clock, rooms, workspaceId, call, send } = await testEveryRoom({ isAtWork: false })
const lease = { name: 'by hand', token: 1 }

const turnOf = async (name: string) =>
  must(
    rooms.stages.find((stage) => stage.name === name),
    'there is such a stage',
  ).turn({ workspaceId, lane: 'live', now: clock.now(), lease, signal: new AbortController().signal })
const upToSegments = ['people', 'projection', 'segments']
/** Turns until nobody has more to do: new rules are counted and swapped in. */
const work = async (stages = [...upToSegments, 'journeys']) => {
  for (let hasMore = true; hasMore; ) {
    hasMore = false
    for (const name of stages) {
      const { handled, more, retryInMs } = await turnOf(name)
      hasMore ||= more || handled > 0 || retryInMs !== undefined
    }
  }
}

const signsUp = (userId: string) => send({ type: 'track', userId, event: 'Signed Up' })
const signedUp = { kind: 'event-count', event: 'Signed Up', where: [], is: 'at-least', value: 1 }
const segmentCalled = async (name: string): Promise<string> =>
  (await call('POST', '/v1/segments', { name, rule: signedUp })).body.segmentId
const published = async (segmentId: string): Promise<string> => {
  const draft = {
    entry: { kind: 'segment', segmentId, on: 'enter', reentry: 'after-exit' },
    start: 'mail',
    steps: [cartMail(workspaceId)],
    phase: 'purchase',
    purpose: 'serve',
  }
  const { body } = await call('POST', '/v1/journeys', { name: 'Welcome', draft })
  const url = `/v1/journeys/${body.journeyId}`
  expect((await call('POST', `${url}/publish`)).status).toBe(200)
  return url
}
const runsOf = (url: string) =>
  stores.admin<{ who: string; version: number }>(
    `select i.value as who, r.version from journey_run r join identifier i using (workspace_id, subject_id)
     where r.workspace_id = $1 and r.journey_id = $2 and i.kind = 'userId' order by who`,
    [workspaceId, url.slice('/v1/journeys/'.length)],
  )

beforeAll(() => stores.admin(`insert into lease values ($1, 'test', 1, 0)`, [lease.name]))

test('who comes into the segment while a version of the journey is counted enters it, once; who was there does not', async () => {
  const segmentId = await segmentCalled('Signed up')
  await signsUp('ann')
  await work()
  const first = await published(segmentId)
  await signsUp('bea')
  await work()
  expect(await runsOf(first)).toEqual([{ who: 'bea', version: 1 }])

  // Cem is sealed before the next version, and journeys read of him when it is in force.
  await signsUp('cem')
  await work(upToSegments)
  expect((await call('POST', `${first}/publish`)).status).toBe(200)
  await signsUp('dora')
  await work(upToSegments)
  await signsUp('emil')
  await work()
  expect(await runsOf(first)).toEqual([
    { who: 'bea', version: 1 },
    { who: 'cem', version: 2 },
    { who: 'dora', version: 2 },
    { who: 'emil', version: 2 },
  ])
})

test('a stop while new versions of rules are being swapped in has stopped it; its rules go when that is over', async () => {
  const url = await published(await segmentCalled('Signed up, too'))
  await work()
  const rules = () =>
    stores.admin<{ state: string }>('select state from rule where rule_key like $1 order by version', [
      `journey:${url.slice('/v1/journeys/'.length)}:%`,
    ])
  expect(await rules()).toEqual([{ state: 'live' }])
  const swapping = { phase: 'swapping', cursor: workspaceId, versions: [] }
  await stores.admin('update segment_tick set recount = $1', [JSON.stringify(swapping)])
  const stopped = await call('POST', `${url}/stop`)
  expect([stopped.status, stopped.body.status]).toEqual([200, 'stopped'])
  await rooms.tend()
  expect(await rules()).toEqual([{ state: 'live' }])
  await stores.admin('update segment_tick set recount = null')
  await rooms.tend()
  await work()
  expect(await rules()).toEqual([{ state: 'retired' }])
})
