import { beforeAll, describe, expect, test } from 'vitest'
import { testEveryRoom } from '../../tests/harness/every-room.ts'
import { until } from '../../tests/harness/server-process.ts'
import { defaultTemplateId } from './content/index.ts'
import { hourMs, must } from './kernel/index.ts'
import { makeKey } from './workspaces/index.ts'

/** What she said before a mail was due is heard before it goes, however late the policy stage comes to it. */
const { stores, clock, rooms, runner, workspaceId, call, send, settle } = await testEveryRoom({ isAtWork: false })
const lease = { name: 'by hand', token: 1 }
const marketing = ['inform']
const writeKey = async (): Promise<string> => {
  const by = { workspaceId, actor: 'system' }
  const deps = { postgres: stores.postgres, clock, workspaces: rooms.workspaces }
  return (await makeKey(deps, by, { kind: 'write', name: 'Shop', role: null, scope: {} })).key
}

const turnOf = async (name: string) =>
  must(
    rooms.stages.find((stage) => stage.name === name),
    'there is such a stage',
  ).turn({ workspaceId, lane: 'live', now: clock.now(), lease, signal: new AbortController().signal })
/** A few turns of every stage but these. */
const work = async ({ except = [] }: { readonly except?: readonly string[] } = {}) => {
  for (let round = 0; round < 4; round++)
    for (const { name } of rooms.stages) if (!except.includes(name)) await turnOf(name)
}
const mailsTo = (userId: string) =>
  stores.admin<{ state: string; reason: string | null }>(
    `select m.state, m.reason from message m join identifier i using (workspace_id, subject_id)
     where m.workspace_id = $1 and i.kind = 'userId' and i.value = $2`,
    [workspaceId, userId],
  )
const agrees = (userId: string) =>
  send(
    { type: 'identify', userId, traits: { email: `${userId}@example.com` } },
    { type: 'track', userId, event: 'Consent Given', properties: { purposes: marketing } },
  )
const withdraws = (userId: string) =>
  send({ type: 'track', userId, event: 'Consent Withdrawn', properties: { purposes: marketing } })
const fillsCart = (userId: string) =>
  send({ type: 'track', userId, event: 'Product Added', properties: { cart_id: userId, name: 'Blocks', price: 5 } })

beforeAll(async () => {
  await stores.admin(`insert into lease values ($1, 'test', 1, 0)`, [lease.name])
  const templateId = defaultTemplateId(workspaceId, 'abandoned-cart')
  const mail = { id: 'mail', kind: 'message', channel: 'email', topic: 'orders', templateId, next: null }
  const publish = async (event: string, start: string, ...steps: readonly object[]) => {
    const entry = { kind: 'event', event, keyPath: 'cart_id' }
    const draft = { entry, start, steps: [...steps, mail], phase: 'purchase', purpose: 'inform' }
    const { body } = await call('POST', '/v1/journeys', { name: event, draft })
    expect((await call('POST', `/v1/journeys/${body.journeyId}/publish`)).status).toBe(200)
  }
  await publish('Product Added', 'mail')
  await publish('Checkout Started', 'wait', { id: 'wait', kind: 'delay', forMs: hourMs, next: 'mail' })
  await work()
})

test('a withdrawal that was answered before the event that triggers a mail is heard first', async () => {
  await agrees('ann')
  await work()
  await withdraws('ann')
  await fillsCart('ann')
  await work({ except: ['policy'] })
  expect(await mailsTo('ann')).toEqual([{ state: 'planned', reason: null }])
  expect((await turnOf('messages')).retryInMs).toBeGreaterThan(0)
  await work()
  expect(await mailsTo('ann')).toEqual([{ state: 'dropped', reason: 'no-consent' }])
})

test('one that was answered while a mail was held is heard before the hold ends', async () => {
  await agrees('bea')
  await work()
  clock.moveBy(10 * hourMs)
  await rooms.collect.tendPartitions()
  await fillsCart('bea')
  await work()
  expect(await mailsTo('bea')).toEqual([{ state: 'held', reason: 'quiet-hours' }])
  await withdraws('bea')
  clock.moveBy(12 * hourMs)
  await work({ except: ['policy'] })
  expect(await mailsTo('bea')).toEqual([{ state: 'held', reason: 'quiet-hours' }])
  // Not the policy stage alone: what people have not handled, it can't have heard.
  clock.moveBy(1000)
  await work({ except: ['people', 'policy'] })
  expect(await mailsTo('bea')).toEqual([{ state: 'held', reason: 'quiet-hours' }])
  await work()
  expect(await mailsTo('bea')).toEqual([{ state: 'dropped', reason: 'no-consent' }])
})

test('where policy keeps up a mail goes at the first turn; where others keep it busy, as soon as it heard what came before', async () => {
  await agrees('cem')
  await agrees('dora')
  await fillsCart('cem')
  await work({ except: ['messages'] })
  expect(await turnOf('messages')).not.toHaveProperty('retryInMs')
  expect(await mailsTo('cem')).toEqual([{ state: 'accepted', reason: null }])
  await fillsCart('dora')
  await work({ except: ['policy', 'messages'] })
  clock.moveBy(1)
  // Looks at the log, has to wait, and policy hears what lay in it; meanwhile more comes that it has not heard.
  await turnOf('messages')
  await turnOf('policy')
  await agrees('emil')
  await turnOf('people')
  expect(await mailsTo('dora')).toEqual([{ state: 'planned', reason: null }])
  await turnOf('messages')
  expect(await mailsTo('dora')).toEqual([{ state: 'accepted', reason: null }])
})

test('what policy could not take in and set aside holds nobody up', async () => {
  await stores.admin(`alter table consent add constraint no_poison check (wording <> 'poison')`)
  await agrees('fay')
  await send({ type: 'track', userId: 'gil', event: 'Consent Given', properties: { wording: 'poison' } })
  await fillsCart('fay')
  await work()
  await stores.admin('alter table consent drop constraint no_poison')
  expect(await mailsTo('fay')).toEqual([{ state: 'accepted', reason: null }])
})

test('a time with a fraction of a millisecond stops nobody’s mail, and loses nobody who is new', async () => {
  await agrees('hal')
  const timestamp = clock.now() + 0.25
  await send(
    { type: 'identify', userId: 'ivy', traits: { email: 'ivy@example.com' }, timestamp },
    { type: 'track', userId: 'ivy', event: 'Consent Given', properties: { purposes: marketing }, timestamp },
    { type: 'track', userId: 'hal', event: 'Consent Given', properties: { purposes: marketing }, timestamp },
  )
  await fillsCart('hal')
  await fillsCart('ivy')
  await work()
  expect([await mailsTo('hal'), await mailsTo('ivy')].flat()).toEqual([
    { state: 'accepted', reason: null },
    { state: 'accepted', reason: null },
  ])
})

describe('with the stages at work, in a workspace where nothing more happens', () => {
  const beginsCheckout = async (userId: string) => {
    await agrees(userId)
    await send({ type: 'track', userId, event: 'Checkout Started', properties: { cart_id: userId, price: 5 } })
  }
  const positionOf = async (stage: string) =>
    (
      await stores.admin<{ position: string }>(
        `select position from stage_position where workspace_id = $1 and lane = 'live' and stage = $2`,
        [workspaceId, stage],
      )
    )[0]?.position
  const isMailed = async (userId: string) => {
    clock.moveBy(hourMs)
    await until(
      () => mailsTo(userId),
      ([mail]) => mail?.state === 'accepted',
    )
  }
  beforeAll(async () => {
    await runner.start()
    await settle()
  })

  test('a batch without events that comes while she waits does not hold back her mail', async () => {
    await beginsCheckout('hana')
    const [before] = await stores.admin('select count(*) from log_batch')
    const key = { authorization: `Bearer ${await writeKey()}` }
    expect((await call('POST', '/v1/batch', { batch: [] }, key)).status).toBe(200)
    expect(await stores.admin('select count(*) from log_batch')).toEqual([before])
    // Those of earlier versions stand in the log, and what is unreadable holds none either.
    const head = { source: 'test', call: 'batch' }
    const body = Buffer.from('{"batch":[]}')
    const position = await rooms.collect.writer.append(workspaceId, 'live', { head, body }, 0)
    await until(
      () => positionOf('policy'),
      (policy) => policy === String(position),
    )
    await isMailed('hana')
  })

  test('a mail that waits for policy has it woken, whoever forgot to', async () => {
    await beginsCheckout('ines')
    await stores.admin(
      `update stage_position set position = position - 1 where workspace_id = $1 and stage = 'policy'`,
      [workspaceId],
    )
    await isMailed('ines')
    // What became of the mail is in the log, too, by now or soon.
    await until(
      async () => [await positionOf('policy'), await positionOf('people')],
      ([policy, people]) => policy === people,
    )
  })
})
