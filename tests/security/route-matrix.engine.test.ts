import { type LifeCycleDefinition, lifeCycleDefinition, roles, type Scope } from '@baton/contract'
import pino from 'pino'
import { beforeAll, describe, expect, test } from 'vitest'
import { createHttpServer, may, reaches } from '../../server/src/http/index.ts'
import { must, newId, systemClock, type WorkspaceId } from '../../server/src/kernel/index.ts'
import { type KeyMaker, makeKey, stopKey } from '../../server/src/workspaces/index.ts'
import { openApiDocument } from '../harness/answers.ts'
import { cookieOf, firstUser, testPassword } from '../harness/app.ts'
import { mountEverything } from '../harness/mounted.ts'
import { testStores } from '../harness/stores.ts'
import { type Asker, askedInside, refusedForWhatTheyName } from './asked-inside.ts'
import { type DescribedRoute, describedRoutes, describedSchemas, differences } from './described-routes.ts'
import { isStoppedBefore, outlineOf } from './judge-answer.ts'
import { makeOwnThings } from './own-things.ts'
import { inTurn, requestsByHand } from './requests-by-hand.ts'
import { seedProjection } from './seed-projection.ts'
import { digestOf, seedEveryTable, unusedNumber } from './seed-workspace.ts'
import { type Subjects, type ValidRequest, validRequests } from './valid-requests.ts'
import { namesAny, type Told } from './valid-values.ts'

/**
 * Every route of the OpenAPI document × everybody who might call it. What is expected follows from what the document
 * says of its access alone, and the document lists what is mounted, so a new route is covered by being there.
 */
const stores = await testStores()
const { app, routes, rooms } = await mountEverything(stores)
const document = openApiDocument.parse((await app.inject({ url: '/v1/openapi.json' })).json())
const schemas = describedSchemas(document)
const called = describedRoutes(document)
const { workspaces } = rooms
const deps = { postgres: stores.postgres, clock: systemClock, workspaces }

const marker = 'MARKER-OF-THE-ORCHARD'
const objectId = newId<string>()
const ours: { workspaceId: WorkspaceId; cookie: string } = { workspaceId: newId<WorkspaceId>(), cookie: '' }
const theirs: { workspaceId: WorkspaceId; cookie: string } = { workspaceId: newId<WorkspaceId>(), cookie: '' }
let seeding: Awaited<ReturnType<typeof seedEveryTable>>
let projected: readonly string[]
let lifeCycle: LifeCycleDefinition

/** A key of a workspace as headers; made past the HTTP, so that nothing of the matrix depends on the routes it tests. */
const keyOf = async (
  workspaceId: WorkspaceId,
  draft: Pick<Parameters<typeof makeKey>[2], 'kind' | 'role'>,
  scope: Scope = {},
) => {
  const maker: KeyMaker = { workspaceId, actor: 'system' }
  const made = await makeKey(deps, maker, { ...draft, name: 'matrix', scope })
  return { made, headers: { authorization: `Bearer ${made.key}` } }
}

beforeAll(async () => {
  Object.assign(theirs, await firstUser({ app, workspaces }, { name: marker, currency: 'EUR', timeZone: 'UTC' }))
  const invited = await app.inject({
    method: 'POST',
    url: '/v1/invitations',
    headers: { cookie: theirs.cookie },
    payload: { email: 'bob@example.com', role: 'owner' },
  })
  const made = await workspaces.create({ name: 'Garden', currency: 'EUR', timeZone: 'UTC' }, { ownerId: null })
  const joined = await app.inject({
    method: 'POST',
    url: '/v1/invitations/accept',
    payload: { token: invited.json().token, name: 'Bob', password: testPassword },
  })
  // Bob moves over to the garden: he knows the orchard's id, and has been in it.
  await stores.admin(
    `update member set workspace_id = $1 where user_id in (select "id" from "user" where "email" = 'bob@example.com')`,
    [made.workspaceId],
  )
  Object.assign(ours, { workspaceId: made.workspaceId, cookie: cookieOf(joined) })
  const definition = await app.inject({ url: '/v1/life-cycle/definition', headers: { cookie: ours.cookie } })
  lifeCycle = lifeCycleDefinition.parse(definition.json())
  seeding = await seedEveryTable(stores, theirs.workspaceId, objectId, marker)
  projected = await seedProjection(stores, theirs.workspaceId, objectId, marker)
})

const nameOf = (route: DescribedRoute): string => `${route.method} ${route.path}`

/** Of nobody at all. */
const unknown = (): Told => {
  const id = newId<string>()
  return { id, email: `${id}@example.com`, version: unusedNumber }
}
/** Of the other workspace. */
const foreign: Told = { id: objectId, email: 'ann@example.com', version: unusedNumber }

const requestsOf = (route: DescribedRoute, told: Told, own: Subjects['own'] = {}): readonly ValidRequest[] =>
  validRequests(route, schemas, { told, own }, requestsByHand(told, lifeCycle)[nameOf(route)])

/** Each from an address of its own: that somebody asked often must not stand before what is asked. */
const addresses = (function* () {
  for (let n = 1; ; n += 1) yield `10.0.${n >> 8}.${n & 255}`
})()

const ask = ({ method, url, contentType, payload }: ValidRequest, headers: Readonly<Record<string, string>>) =>
  app.inject({
    method: method as 'GET',
    url,
    remoteAddress: addresses.next().value,
    headers: { ...headers, ...(contentType === null ? {} : { 'content-type': contentType }) },
    ...(payload === null ? {} : { payload }),
  })

/** The plainest request that fits the route. */
const call = (route: DescribedRoute, headers: Record<string, string>, told: Told = unknown()) =>
  ask(must(requestsOf(route, told)[0], 'every route can be asked'), headers)

const statusesOf = async (headers: Record<string, string>, chosen: readonly DescribedRoute[]) => {
  const statuses: Record<string, number> = {}
  for (const route of chosen) statuses[nameOf(route)] = (await call(route, headers)).statusCode
  return statuses
}

const needsSomebody = called.filter((route) => !('public' in route.access))
const all = (chosen: readonly DescribedRoute[], status: number) =>
  Object.fromEntries(chosen.map((route) => [nameOf(route), status]))

describe('who does not belong here gets nowhere', () => {
  test('nobody, garbage and a made-up session: 401 on every route that is not public', async () => {
    const bad: Record<string, string>[] = [
      {},
      { authorization: 'Bearer garbage' },
      { authorization: 'Basic Z2FyYmFnZTo=' },
    ]
    for (const headers of bad) {
      expect(await statusesOf(headers, needsSomebody)).toEqual(all(needsSomebody, 401))
    }
    const made = { cookie: `baton.session_token=${'a'.repeat(32)}.${'b'.repeat(43)}` }
    expect(await statusesOf(made, needsSomebody)).toEqual(all(needsSomebody, 401))
  })

  test('a revoked key: 401 everywhere', async () => {
    for (const draft of [{ kind: 'api', role: 'owner' } as const, { kind: 'write', role: null } as const]) {
      const { made, headers } = await keyOf(theirs.workspaceId, draft)
      await workspaces.findKey(made.key)
      await stopKey(deps, { workspaceId: theirs.workspaceId, actor: 'system' }, draft.kind, made.keyId)
      expect(await statusesOf(headers, needsSomebody)).toEqual(all(needsSomebody, 401))
    }
  })

  test('a write key sends events and does nothing else; an API key sends none', async () => {
    const collect = needsSomebody.filter((route) => 'writeKey' in route.access)
    const others = needsSomebody.filter((route) => !('writeKey' in route.access))
    const write = (await keyOf(ours.workspaceId, { kind: 'write', role: null })).headers
    expect(await statusesOf(write, others)).toEqual(all(others, 401))
    expect(await statusesOf(write, collect)).toEqual(all(collect, 200))
    const api = (await keyOf(ours.workspaceId, { kind: 'api', role: 'owner' })).headers
    expect(await statusesOf(api, collect)).toEqual(all(collect, 401))
  })
})

/** What the line of the route says, that of the list when it gives a list as a file, and what the request adds. */
const isAllowed = (route: DescribedRoute, who: Asker): boolean => {
  const { access } = route
  if (!('permission' in access) || !may(who, access.permission)) return false
  if (access.reach !== undefined && !reaches(who, access.reach)) return false
  const list = called.find(({ method, path }) => method === route.method && `${path}.csv` === route.path)
  return (list === undefined || isAllowed(list, who)) && (askedInside[nameOf(route)]?.(who) ?? true)
}

describe('each role may what its line says', () => {
  const guarded = called.filter((route) => 'permission' in route.access)

  test.each(roles)('%s', async (role) => {
    const { headers } = await keyOf(ours.workspaceId, { kind: 'api', role })
    const statuses = await statusesOf(headers, guarded)
    const wrong = guarded.filter((route) => {
      const allowed = isAllowed(route, { role, scope: {} })
      const status = must(statuses[nameOf(route)], 'every guarded route was called')
      return allowed ? status === 401 || status === 403 : status !== 403
    })
    expect(wrong.map((route) => `${nameOf(route)} → ${statuses[nameOf(route)]}`)).toEqual([])
  })

  test('a key acts in a workspace, never as somebody who is signed in', async () => {
    const personal = called.filter((route) => 'session' in route.access)
    const { headers } = await keyOf(ours.workspaceId, { kind: 'api', role: 'owner' })
    expect(await statusesOf(headers, personal)).toEqual(all(personal, 401))
  })
})

describe('who answers for a part of the operation', () => {
  const guarded = called.filter((route) => 'permission' in route.access)
  /** What an owner's key is refused once it has that scope. */
  const refusedTo = async (scope: Scope) => {
    const { headers } = await keyOf(ours.workspaceId, { kind: 'api', role: 'owner' }, scope)
    const statuses = await statusesOf(headers, guarded)
    const expected = guarded.filter((route) => !isAllowed(route, { role: 'owner', scope }))
    const refused = guarded.filter((route) => statuses[nameOf(route)] === 403)
    expect(refused.map(nameOf)).toEqual(expected.map(nameOf))
    return refused.map(nameOf)
  }

  test('of phases: changes nothing that is there once for all phases', async () => {
    const refused = await refusedTo({ phases: ['loyalty'] })
    expect(refused).toEqual(
      expect.arrayContaining([
        'PATCH /v1/workspace',
        'PUT /v1/policy',
        'PUT /v1/channels/email',
        'PUT /v1/life-cycle/definition',
        'PUT /v1/life-cycle/lost-after',
        'PUT /v1/exchange-rates',
        'PUT /v1/equity/settings',
        'PUT /v1/brand-kit',
      ]),
    )
    expect(refused).not.toContain('GET /v1/equity/statement')
  })

  test('of a partner: sees no figures of the firm, either', async () => {
    const refused = await refusedTo({ partner: 'Agency' })
    expect(refused).toEqual(
      expect.arrayContaining([
        'GET /v1/equity/statement',
        'GET /v1/equity/people',
        'GET /v1/equity/forward',
        'GET /v1/people/{personId}/value',
        'GET /v1/life-cycle/flows',
        'PUT /v1/policy',
      ]),
    )
    expect(refused).not.toContain('GET /v1/costs')
    const { headers } = await keyOf(ours.workspaceId, { kind: 'api', role: 'owner' }, { partner: 'Agency' })
    expect((await app.inject({ url: '/v1/home', headers })).json().equity).toBeNull()
  })
})

describe('the other workspace', () => {
  test('has a marked row in every table of both engines, so that a leak would show', () => {
    expect(seeding.refused).toEqual([])
    expect(seeding.seeded.length).toBeGreaterThan(10)
    expect(projected.length).toBeGreaterThan(3)
  })

  test('is closed to a member of this one: 403, in the same words as one that does not exist', async () => {
    const guarded = called.filter((route) => 'permission' in route.access)
    for (const route of guarded) {
      const closed = await call(route, { cookie: ours.cookie, 'baton-workspace': theirs.workspaceId }, foreign)
      const missing = await call(route, { cookie: ours.cookie, 'baton-workspace': newId<string>() }, foreign)
      expect([nameOf(route), closed.statusCode, closed.body]).toEqual([nameOf(route), 403, missing.body])
    }
  })

  test('shows no byte and changes in nothing, whoever of this one asks for its things by id', async () => {
    const before = await digestOf(stores, theirs.workspaceId)
    const owner = (await keyOf(ours.workspaceId, { kind: 'api', role: 'owner' })).headers
    const write = (await keyOf(ours.workspaceId, { kind: 'write', role: null })).headers
    const leaks: string[] = []
    const reached = new Set<string>()
    const refused = new Set<string>()
    // Who is nobody, or has a write key, is let in nowhere else, as the tests above say.
    const callers: readonly (readonly [Record<string, string>, readonly DescribedRoute[]])[] = [
      [{}, called.filter(({ access }) => 'public' in access)],
      [write, called.filter(({ access }) => 'writeKey' in access)],
      [owner, called],
      [{ cookie: ours.cookie }, called],
    ]
    for (const [caller, chosen] of callers) {
      const own = await makeOwnThings(app, stores, { workspaceId: ours.workspaceId, headers: owner })
      for (const route of inTurn(chosen)) {
        for (const request of requestsOf(route, foreign, own)) {
          const answer = await ask(request, { ...caller, 'baton-workspace': ours.workspaceId })
          const said = `${answer.body} ${JSON.stringify(answer.headers)}`
          if (said.includes(marker) || said.includes(theirs.workspaceId)) leaks.push(`${request.method} ${request.url}`)
          if (!isStoppedBefore(answer)) reached.add(nameOf(route))
          if (answer.statusCode === 400) refused.add(nameOf(route))
        }
      }
    }
    expect(leaks).toEqual([])
    expect(await digestOf(stores, theirs.workspaceId)).toEqual(before)
    // Or else nothing was asked: a route that was not reached can show nothing.
    expect(called.map(nameOf).filter((name) => !reached.has(name))).toEqual([])
    expect([...refused].toSorted()).toEqual(Object.keys(refusedForWhatTheyName).toSorted())
  })

  test('answers for its things as for what is nowhere, so that nobody learns what there is', async () => {
    const headers = (await keyOf(ours.workspaceId, { kind: 'api', role: 'owner' })).headers
    const own = await makeOwnThings(app, stores, { workspaceId: ours.workspaceId, headers })
    const unlike: unknown[] = []
    for (const route of inTurn(called)) {
      // Before it something unknown, too: who asks first may change what is there for the next.
      const askers = [unknown(), foreign, unknown()].map((told) => ({ told, requests: requestsOf(route, told, own) }))
      for (const [at, request] of requestsOf(route, foreign, own).entries()) {
        if (!namesAny([request.url, request.payload], foreign)) continue
        const outlines: string[] = []
        for (const { told, requests } of askers) {
          const answer = await ask(must(requests[at], 'as many requests, whatever they name'), headers)
          outlines.push(outlineOf(answer, [told.email, told.id]))
        }
        if (outlines[1] !== outlines[2]) unlike.push([nameOf(route), request.url, ...outlines.slice(1)])
      }
    }
    expect(unlike).toEqual([])
  })

  test('does show its own name to its own members, or nothing above would mean anything', async () => {
    const own = await app.inject({ url: '/v1/workspace', headers: { cookie: theirs.cookie } })
    expect(own.body).toContain(marker)
  })
})

describe('the document the matrix is made from', () => {
  test('lists every route that is mounted and none that is not', () => {
    expect(called.length).toBeGreaterThan(100)
    expect(differences(document, routes)).toEqual([])
  })

  test('would not be believed with a route that is not mounted, one left out or another rule', () => {
    const people = { method: 'GET', url: '/v1/people', stream: false, access: { permission: 'people:read' } } as const
    const without = routes.filter(({ method, url }) => method !== people.method || url !== people.url)
    expect(differences(document, without)).toEqual(['GET /v1/people is described and not mounted'])
    expect(differences(document, [...routes, { ...people, url: '/v1/back-door/:id' }])).toEqual([
      'GET /v1/back-door/{id} is mounted and not described',
    ])
    expect(differences(document, [...without, { ...people, access: { public: true } }])).toEqual([
      'GET /v1/people: {"permission":"people:read"} is described, {"public":true} is mounted',
    ])
  })

  test('can’t come to be with a route that says nothing about who may call it', async () => {
    const planted = createHttpServer({
      log: pino({ level: 'silent' }),
      publicUrl: 'http://127.0.0.1:4400',
      version: 'test',
      who: workspaces.who,
      rooms: [...rooms.routes, (scope) => void scope.get('/v1/back-door', () => 'in')],
    })
    await expect(planted).rejects.toThrow(/GET \/v1\/back-door says nothing about who may call it/)
  })
})
