import { afterAll, expect, test } from 'vitest'
import { addWorkspace, testPipeline } from '../../../tests/harness/pipeline.ts'
import type { Stage } from '../jobs/index.ts'
import { brandAs, hourMs, type JourneyId, must, type Position, type WorkspaceId } from '../kernel/index.ts'
import type { MessageIntent } from '../messages/index.ts'
import { createJourneys, type Journeys } from './index.ts'
import { abandonedCart } from './journey-fixture.ts'
import { noRehearsal } from './stage-fixture.ts'

const turns: WorkspaceId[] = []
const planned: MessageIntent[] = []
let made: Journeys | undefined

const world = await testPipeline(({ stores, clock, people }) => {
  const room = createJourneys({
    postgres: stores.postgres,
    domainNow: async () => clock.now(),
    audit: async () => undefined,
    ports: {
      people: {
        feed: people.feed,
        personsOf: people.personsOf,
        subjectsOf: people.subjectsOf,
      },
      membership: {
        tickedPosition: async () => brandAs<Position>(0),
        known: async () => new Set<string>(),
        holds: async () => new Map(),
        changesAfter: async () => [],
        newestChange: async () => 0,
      },
      rules: {
        put: async () => undefined,
        mayChange: async () => true,
        retire: async () => undefined,
        problem: async () => null,
      },
      messages: { plan: async (_tx, intents) => void planned.push(...intents), countsByStep: async () => [] },
      publishing: { phaseOwner: async () => 'ann', templates: async (_id, wanted) => new Set(wanted) },
      rehearsal: noRehearsal,
    },
  })
  made = room
  const counted: Stage = {
    ...room.stage,
    turn: (turn) => {
      turns.push(turn.workspaceId)
      return room.stage.turn(turn)
    },
  }
  return [counted]
})
afterAll(() => world.stop())

test('under the runner: a cart is mailed about when its hour is over, and 300 idle workspaces get no turn', async () => {
  for (let index = 0; index < 300; index += 1) await addWorkspace(world.stores)
  const by = { workspaceId: world.workspaceId, actor: 'user:ann' }
  const { desk } = must(made, 'the pipeline made it')
  const { journeyId } = await desk.create(by, { name: 'Cart', draft: abandonedCart })
  await desk.publish(by, brandAs<JourneyId>(journeyId))
  await world.send({
    type: 'track',
    event: 'Product Added',
    userId: 'ann',
    messageId: 'm1',
    properties: { cart_id: 'c1' },
  })
  expect(planned).toEqual([])
  world.clock.moveBy(hourMs)
  await world.runner.settle(world.workspaceId)
  expect(planned).toMatchObject([
    { stepId: 'mail', topic: 'cart', purpose: 'sell', phase: 'purchase', entryEvent: { cart_id: 'c1' } },
  ])
  expect(new Set(turns)).toEqual(new Set([world.workspaceId]))
})
