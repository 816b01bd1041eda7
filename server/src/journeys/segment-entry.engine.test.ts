import { beforeEach, describe, expect, test as it } from 'vitest'
import { brandAs, hourMs, type JourneyId, must, newId, type PersonId } from '../kernel/index.ts'
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
/** A tick seals that somebody came in. */
const sealEntry = (journeyId: JourneyId, personId: PersonId) => {
  seq += 1
  membership.changes.push({
    seq,
    ruleKey: entryRuleKey(journeyId, 1),
    personId,
    entered: true,
    at: clock.now(),
    knownAt: clock.now(),
    cause: 'behaviour',
    isHistoric: false,
  })
}

const comeIn = async (journeyId: JourneyId, userId: string) => {
  if (!(await world.people.find(world.workspaceId, 'userId', userId))) {
    await send('Seen', {}, { user: { userId } })
    await settleAll()
  }
  sealEntry(journeyId, await personOf(userId))
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

describe('who is merged before journeys learn that she came in', () => {
  let browsers = 0
  /** A nameless visitor comes in, turns out to be this person, and only then do journeys get their turn. */
  const comeInNameless = async (journeyId: JourneyId, userId: string) => {
    browsers += 1
    const anonymousId = `browser-${browsers}`
    await send('Seen', {}, { user: { anonymousId } })
    await settleAll()
    const nameless = must(await world.people.find(world.workspaceId, 'anonymousId', anonymousId), 'she was seen')
    sealEntry(journeyId, nameless)
    await send('Signed In', {}, { user: { anonymousId, userId } })
    await world.settle(world.peopleStage)
    expect(await personOf(userId)).not.toBe(nameless)
    await settleAll()
  }

  it('is not let in again where it is entered once', async () => {
    const id = await publish({ ...welcome, entry: { ...welcome.entry, reentry: 'never' } })
    await comeIn(id, 'ann')
    await settleAll()
    await comeInNameless(id, 'ann')
    expect(await whoIsIn(id)).toEqual([await personOf('ann')])
    expect(await planned()).toHaveLength(1)
  })

  it('goes on where she is, and begins no second run', async () => {
    const waits = { id: 'wait', kind: 'delay', forMs: hourMs, next: 'mail' }
    const id = await publish({ ...welcome, start: 'wait', steps: [waits, ...welcome.steps] })
    await comeIn(id, 'ann')
    await settleAll()
    await comeInNameless(id, 'ann')
    expect(await admin('select state from journey_run')).toEqual([{ state: 'active' }])
  })

  it('enters as the person she is', async () => {
    const id = await publish(welcome)
    await send('Seen', {}, { user: { userId: 'kim' } })
    await settleAll()
    await comeInNameless(id, 'kim')
    expect(await whoIsIn(id)).toEqual([await personOf('kim')])
    expect(await admin('select person_id from planned')).toEqual([{ person_id: await personOf('kim') }])
  })

  it('is passed over where she is nobody any more, and the others enter', async () => {
    const id = await publish(welcome)
    sealEntry(id, newId<PersonId>())
    await comeIn(id, 'ann')
    await settleAll()
    expect(await whoIsIn(id)).toEqual([await personOf('ann')])
    expect(await admin('select count(*)::int as runs from journey_run')).toEqual([{ runs: 1 }])
  })
})
