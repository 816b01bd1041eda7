import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../tests/harness/app.ts'
import { type TestPipeline, testPipeline } from '../../../tests/harness/pipeline.ts'
import { must, newId, type PersonId } from '../kernel/index.ts'
import type { IdentifierKind } from './identifiers.ts'
import { peopleRoutes } from './routes.ts'

let pipeline: TestPipeline
let http: TestApp
let headers: { readonly authorization: string }
beforeAll(async () => {
  pipeline = await testPipeline()
  const { stores, collect, people, clock } = pipeline
  const deps = {
    ...stores,
    collect,
    currencyOf: async () => 'EUR',
    domainNow: async () => clock.now(),
    tombstoneKey: Buffer.from('any'),
  }
  http = await testApp(stores, { rooms: [peopleRoutes(people, deps)] })
  headers = await http.as(pipeline.workspaceId, 'owner')
})
afterAll(() => pipeline.stop())

const personOf = async (kind: IdentifierKind, value: string): Promise<PersonId> =>
  must(await pipeline.people.find(pipeline.workspaceId, kind, value), `${kind} ${value} was sent`)
const areOne = async (one: [IdentifierKind, string], other: [IdentifierKind, string]) =>
  (await personOf(...one)) === (await personOf(...other))

const openMergesOf = async (personId: PersonId) =>
  pipeline.stores.admin<{ merge_id: string; winner: string; loser: string }>(
    `select merge_id, winner_person_id as winner, loser_person_id as loser from person_merge
     where (winner_person_id = $1 or loser_person_id = $1) and undone_at is null order by position`,
    [personId],
  )
const askToUndo = (mergeId: string) =>
  http.app.inject({ method: 'POST', url: `/v1/merges/${mergeId}/undo`, headers, payload: {} })
const undoOnlyMergeOf = async (personId: PersonId) => {
  const [merge, ...others] = await openMergesOf(personId)
  expect(others).toEqual([])
  expect((await askToUndo(must(merge, 'she was merged').merge_id)).statusCode).toBe(202)
  await pipeline.runner.settle(pipeline.workspaceId)
}
const conflictsOf = (...persons: readonly PersonId[]) =>
  pipeline.stores.admin<{ reason: string; person_id: string; other_person_id: string }>(
    `select reason, person_id, other_person_id from identity_conflict
     where person_id = any($1::uuid[]) and other_person_id = any($1::uuid[])`,
    [persons],
  )

describe('who was parted by staff stays two', () => {
  test('her next event carries both identifiers: it is of the leading one, and a conflict is listed once', async () => {
    await pipeline.send({ type: 'page', anonymousId: 'shared' })
    await pipeline.send({ type: 'identify', userId: 'una', anonymousId: 'shared' })
    expect(await areOne(['userId', 'una'], ['anonymousId', 'shared'])).toBe(true)
    await undoOnlyMergeOf(await personOf('userId', 'una'))
    await pipeline.send({ type: 'track', event: 'After', userId: 'una', anonymousId: 'shared' })
    await pipeline.send({ type: 'track', event: 'After', userId: 'una', anonymousId: 'shared' })
    const [una, shared] = [await personOf('userId', 'una'), await personOf('anonymousId', 'shared')]
    expect(una).not.toBe(shared)
    expect(await conflictsOf(una, shared)).toEqual([{ reason: 'parted', person_id: una, other_person_id: shared }])
    const pageOf = async (personId: PersonId) =>
      (await http.app.inject({ url: `/v1/people/${personId}`, headers })).json().conflicts
    expect(await pageOf(una)).toMatchObject([
      { personId: shared, reason: 'parted', title: `Anonymous ${shared.slice(-6)}` },
    ])
    expect(await pageOf(shared)).toMatchObject([{ personId: una, reason: 'parted', title: 'una' }])
    const after = await pipeline.stores.clickhouse.query<{ subject: string }>({
      sql: `select distinct toString(subject_id) as subject from event where workspace_id = {w:UUID} and name = 'After'`,
      params: { w: pipeline.workspaceId },
    })
    expect(after).toEqual([{ subject: una }])
  })

  test('also where her address said that they are one, and whoever she became since', async () => {
    await pipeline.send({ type: 'identify', anonymousId: 'till', traits: { email: 'eve@shop.example' } })
    await pipeline.send({ type: 'track', event: 'x', userId: 'eve' })
    await pipeline.send({ type: 'identify', userId: 'eve', traits: { email: 'eve@shop.example' } })
    await undoOnlyMergeOf(await personOf('userId', 'eve'))
    // A device of hers joins one of the two: what was parted holds for the person she is now.
    await pipeline.send({ type: 'page', anonymousId: 'eves-phone' })
    await pipeline.send({ type: 'track', event: 'x', userId: 'eve', anonymousId: 'eves-phone' })
    await pipeline.send({ type: 'identify', userId: 'eve', traits: { email: 'eve@shop.example' } })
    expect(await areOne(['userId', 'eve'], ['anonymousId', 'eves-phone'])).toBe(true)
    expect(await areOne(['userId', 'eve'], ['email', 'eve@shop.example'])).toBe(false)
  })

  test('alias is the sender’s own word, and merges them', async () => {
    await pipeline.send({ type: 'page', anonymousId: 'al-visitor' })
    await pipeline.send({ type: 'identify', userId: 'al', anonymousId: 'al-visitor' })
    await undoOnlyMergeOf(await personOf('userId', 'al'))
    await pipeline.send({ type: 'alias', userId: 'al', previousId: 'al-visitor' })
    expect(await areOne(['userId', 'al'], ['anonymousId', 'al-visitor'])).toBe(true)
  })
})

describe('a merge inside a later one', () => {
  test('is not undone before the later one; then it is', async () => {
    await pipeline.send({ type: 'track', event: 'x', userId: 'old-zoe' })
    await pipeline.send({ type: 'page', anonymousId: 'zoe-2' })
    for (const anonymousId of ['zoe-1', 'zoe-2'])
      await pipeline.send({ type: 'identify', anonymousId, traits: { email: 'zoe@shop.example' } })
    const middle = await personOf('anonymousId', 'zoe-1')
    const [inner] = await openMergesOf(middle)
    await pipeline.send({ type: 'alias', userId: 'old-zoe', previousId: 'zoe-1' })
    const zoe = await personOf('userId', 'old-zoe')
    expect([await personOf('anonymousId', 'zoe-1'), await personOf('anonymousId', 'zoe-2')]).toEqual([zoe, zoe])
    const { merge_id: mergeId } = must(inner, 'the two visitors were merged')

    const refused = await askToUndo(mergeId)
    expect([refused.statusCode, refused.json().error]).toMatchObject([
      409,
      { code: 'conflict', message: expect.stringContaining('merged again'), remedy: expect.stringContaining(zoe) },
    ])
    // Also where the later merge was still on its way when it was asked for.
    const persons = { winnerPersonId: middle, loserPersonId: zoe }
    await pipeline.people.undoMerge(pipeline.workspaceId, { mergeId, ...persons } as never, 'user:test')
    await pipeline.runner.settle(pipeline.workspaceId)
    expect((await openMergesOf(middle)).map((merge) => merge.merge_id)).toContain(mergeId)

    await undoOnlyMergeOf(zoe)
    expect(await areOne(['anonymousId', 'zoe-1'], ['anonymousId', 'zoe-2'])).toBe(true)
    expect((await askToUndo(mergeId)).statusCode).toBe(202)
    await pipeline.runner.settle(pipeline.workspaceId)
    expect(await areOne(['anonymousId', 'zoe-1'], ['anonymousId', 'zoe-2'])).toBe(false)
    expect(await areOne(['userId', 'old-zoe'], ['anonymousId', 'zoe-1'])).toBe(false)
  })
})

test('of who is erased nothing is left that says from whom she was parted', async () => {
  const { people, workspaceId, stores, runner } = pipeline
  await pipeline.send({ type: 'page', anonymousId: 'gone-visitor' })
  await pipeline.send({ type: 'identify', userId: 'gone', anonymousId: 'gone-visitor' })
  const gone = await personOf('userId', 'gone')
  await undoOnlyMergeOf(gone)
  const [one, other] = [await personOf('userId', 'gone'), await personOf('anonymousId', 'gone-visitor')]
  const parted = () => stores.admin('select 1 from parted_subject where subject_id = any($1::uuid[])', [[one, other]])
  expect(await parted()).toHaveLength(2)
  const erasure = { erasureId: newId<string>(), personIds: [one] }
  const asked = { ...erasure, pseudonym: null, requestedAt: 1, requestedBy: 'user:test' }
  await stores.postgres.inWorkspace(workspaceId, (tx) => people.erasures.request(tx, workspaceId, asked))
  await people.erasures.announce(workspaceId, erasure)
  await runner.settle(workspaceId)
  expect(await parted()).toEqual([])
})
