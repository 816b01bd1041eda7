import { beforeEach, describe, expect, test as it } from 'vitest'
import { brandAs, hourMs, type JourneyId, must } from '../kernel/index.ts'
import { entryRuleKey } from './compiled-journey.ts'
import { abandonedCart, templateId } from './journey-fixture.ts'
import { imbalances, testJourneys } from './stage-fixture.ts'

const world = await testJourneys()
const { clock, send, settleAll, planned, journeys, admin, membership } = world

beforeEach(async () => {
  await admin(
    'truncate journey, journey_version, journey_run, journey_run_step, journey_run_late, journey_tally, planned',
  )
  await settleAll()
  clock.moveBy(hourMs)
  return async () => {
    expect(await imbalances(admin)).toEqual([])
  }
})

const welcome = {
  ...abandonedCart,
  entry: { kind: 'segment', segmentId: templateId, on: 'enter', reentry: 'after-exit' },
  start: 'mail',
  steps: [{ id: 'mail', kind: 'message', templateId, channel: 'email', topic: 'news', next: null }],
}

const publish = async (draft: object, name?: string): Promise<JourneyId> =>
  brandAs<JourneyId>((await world.publish(draft, name)).journey.journeyId)

const personOf = async (userId: string) =>
  must(await world.people.find(world.workspaceId, 'userId', userId), `${userId} was seen`)

let seq = 0
/** A tick seals that she came in. */
const comeIn = async (journeyId: JourneyId, userId: string) => {
  if (!(await world.people.find(world.workspaceId, 'userId', userId))) {
    await send('Seen', {}, { user: { userId } })
    await settleAll()
  }
  seq += 1
  membership.changes.push({
    seq,
    ruleKey: entryRuleKey(journeyId, 1),
    personId: await personOf(userId),
    entered: true,
    knownAt: clock.now(),
    cause: 'behaviour',
    isHistoric: false,
  })
}

const inside = () =>
  admin<{ journey_id: string; person_id: string; subject_id: string }>(
    `select r.journey_id, s.person_id, r.subject_id from journey_run r join subject s using (workspace_id, subject_id)
     order by r.entered_at, r.run_id`,
  )
const whoIsIn = async (journeyId: JourneyId) =>
  (await inside()).filter((run) => run.journey_id === journeyId).map((run) => run.person_id)

describe('while it is paused', () => {
  it('who comes into the segment is never let in, although it is resumed; who comes in after is', async () => {
    const id = await publish(welcome)
    await comeIn(id, 'ann')
    await settleAll()
    await journeys.desk.pause(world.by, id)
    await comeIn(id, 'ben')
    await settleAll()
    await journeys.desk.resume(world.by, id)
    await settleAll()
    expect(await whoIsIn(id)).toEqual([await personOf('ann')])
    clock.moveBy(hourMs)
    await comeIn(id, 'eve')
    await settleAll()
    expect(await whoIsIn(id)).toEqual([await personOf('ann'), await personOf('eve')])
    expect(await planned()).toHaveLength(2)
  })

  it('that holds also where journeys learn of it only after the resume, and another journey is open all the time', async () => {
    const paused = await publish(welcome)
    const open = await publish(welcome, 'Open')
    await journeys.desk.pause(world.by, paused)
    await comeIn(paused, 'ann')
    await comeIn(open, 'ann')
    await journeys.desk.resume(world.by, paused)
    await comeIn(paused, 'ben')
    await settleAll()
    expect(await whoIsIn(paused)).toEqual([await personOf('ben')])
    expect(await whoIsIn(open)).toEqual([await personOf('ann')])
  })
})

it('the first publish asks for no change that came before it', async () => {
  const before = await publish(welcome)
  await journeys.desk.pause(world.by, before)
  for (const userId of ['ann', 'ben']) await comeIn(before, userId)
  membership.askedAfter = []
  await publish(welcome, 'Later')
  await settleAll()
  expect(new Set(membership.askedAfter)).toEqual(new Set([seq]))
})
