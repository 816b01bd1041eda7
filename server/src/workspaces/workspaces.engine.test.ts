import type { Role } from '@baton/contract'
import { describe, expect, test } from 'vitest'
import { cookieOf, firstUser, testApp, testPassword } from '../../../tests/harness/app.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { seedProjection } from '../../../tests/security/seed-projection.ts'
import { seedEveryTable } from '../../../tests/security/seed-workspace.ts'
import { minuteMs, movableClock, newId } from '../kernel/index.ts'

const stores = await testStores()
const clock = movableClock(Date.now())
const emptied: string[] = []
let emptierBreaks = false
const baton = await testApp(stores, {
  clock,
  emptiers: [
    async (workspaceId) => {
      if (emptierBreaks) throw new Error('disk full')
      emptied.push(workspaceId)
    },
  ],
})
const { app, workspaces } = baton
const { cookie, workspaceId } = await firstUser(baton)
const her = { cookie, 'baton-workspace': workspaceId }

const call = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, headers: object, payload?: object) =>
  app.inject({ method, url, headers: { ...headers }, ...(payload === undefined ? {} : { payload }) })
const codeOf = (answer: { json(): { error?: { code: string } } }) => answer.json().error?.code

const join = async (email: string, role: Role): Promise<{ readonly cookie: string; readonly userId: string }> => {
  const invited = (await call('POST', '/v1/invitations', her, { email, role })).json()
  const answer = await call(
    'POST',
    '/v1/invitations/accept',
    {},
    { token: invited.token, name: role, password: testPassword },
  )
  const seen = (await call('GET', '/v1/session', { cookie: cookieOf(answer) })).json()
  return { cookie: cookieOf(answer), userId: seen.user.id }
}

describe('members', () => {
  test('somebody invited joins with that role, by a link that works once and for a week', async () => {
    const invited = (await call('POST', '/v1/invitations', her, { email: 'Bob@example.com', role: 'analyst' })).json()
    expect(invited.path).toBe(`/invitation/${invited.token}`)
    const list = (await call('GET', '/v1/invitations', her)).body
    expect([list.includes('bob@example.com'), list.includes(invited.token)]).toEqual([true, false])
    const accept = (password: string) =>
      call('POST', '/v1/invitations/accept', {}, { token: invited.token, name: 'Bob', password })
    expect(codeOf(await accept('short'))).toBe('invalid-input')
    const joined = await accept(testPassword)
    expect(joined.json().workspaceId).toBe(workspaceId)
    expect((await call('GET', '/v1/session', { cookie: cookieOf(joined) })).json().workspaces[0]).toMatchObject({
      role: 'analyst',
    })
    expect(codeOf(await accept(testPassword))).toBe('token-invalid')
    const late = (await call('POST', '/v1/invitations', her, { email: 'late@example.com', role: 'analyst' })).json()
    clock.moveBy(8 * 86_400_000)
    expect(
      codeOf(
        await call('POST', '/v1/invitations/accept', {}, { token: late.token, name: 'L', password: testPassword }),
      ),
    ).toBe('token-invalid')
    clock.moveBy(-8 * 86_400_000)
  })

  test('an invitation does not open an account that exists without its password', async () => {
    const invited = (await call('POST', '/v1/invitations', her, { email: 'bob@example.com', role: 'conductor' })).json()
    const take = (password: string) =>
      call('POST', '/v1/invitations/accept', {}, { token: invited.token, name: 'X', password })
    expect(codeOf(await take('another password'))).toBe('sign-in-failed')
    expect((await take(testPassword)).statusCode).toBe(200)
  })

  test('nobody gives or touches more than she has, and one owner always stays', async () => {
    const conductor = await join('carl@example.com', 'conductor')
    const his = { cookie: conductor.cookie }
    const [owner] = (await call('GET', '/v1/members', his)).json().items
    expect(codeOf(await call('POST', '/v1/invitations', his, { email: 'x@example.com', role: 'owner' }))).toBe(
      'forbidden',
    )
    expect(codeOf(await call('PATCH', `/v1/members/${conductor.userId}`, his, { role: 'owner' }))).toBe('forbidden')
    expect(codeOf(await call('PATCH', `/v1/members/${owner.userId}`, his, { role: 'analyst' }))).toBe('forbidden')
    expect(codeOf(await call('DELETE', `/v1/members/${owner.userId}`, his))).toBe('forbidden')
    expect(codeOf(await call('PATCH', `/v1/members/${owner.userId}`, her, { role: 'analyst' }))).toBe('conflict')
    expect(codeOf(await call('DELETE', `/v1/members/${owner.userId}`, her))).toBe('conflict')
    expect(codeOf(await call('DELETE', '/v1/members/nobody', her))).toBe('not-found')
  })

  const asksIn = async (who: { readonly cookie: string }, draft: object) =>
    (await call('POST', '/v1/invitations', who, draft)).json()
  const comesIn = (invited: { readonly token: string }) =>
    call('POST', '/v1/invitations/accept', {}, { token: invited.token, name: 'Guest', password: testPassword })
  const openInvitations = async (): Promise<readonly string[]> => {
    const { items } = (await call('GET', '/v1/invitations', her)).json()
    return items.flatMap((each: { email: string; acceptedAt: number | null }) =>
      each.acceptedAt === null ? [each.email] : [],
    )
  }

  test('an invitation that is withdrawn opens nothing, and the audit has who withdrew it', async () => {
    const invited = await asksIn(her, { email: 'withdrawn@example.com', role: 'owner' })
    const path = `/v1/invitations/${invited.invitationId}`
    const conductor = await join('dora@example.com', 'conductor')
    expect(codeOf(await call('DELETE', path, { cookie: conductor.cookie }))).toBe('forbidden')
    expect((await call('DELETE', path, her)).statusCode).toBe(204)
    expect(codeOf(await comesIn(invited))).toBe('token-invalid')
    expect(codeOf(await call('DELETE', path, her))).toBe('not-found')
    expect(await openInvitations()).not.toContain('withdrawn@example.com')
    const audited = (await call('GET', '/v1/audit', her)).json().items
    expect(audited).toContainEqual(
      expect.objectContaining({ action: 'invitation.withdrawn', object: `invitation:${invited.invitationId}` }),
    )
    const accepted = await asksIn(her, { email: 'accepted@example.com', role: 'analyst' })
    expect((await comesIn(accepted)).statusCode).toBe(200)
    expect(codeOf(await call('DELETE', `/v1/invitations/${accepted.invitationId}`, her))).toBe('not-found')
  })

  test('nobody comes in by somebody who is removed, or may not give that any more', async () => {
    const removed = await join('rosa@example.com', 'conductor')
    const hers = await asksIn(removed, { email: 'private@example.com', role: 'conductor' })
    expect((await call('DELETE', `/v1/members/${removed.userId}`, her)).statusCode).toBe(204)
    expect(await openInvitations()).not.toContain('private@example.com')
    expect(codeOf(await comesIn(hers))).toBe('token-invalid')

    const narrowed = await join('nina@example.com', 'conductor')
    const wide = await asksIn(narrowed, { email: 'wide@example.com', role: 'analyst' })
    const within = await asksIn(narrowed, {
      email: 'within@example.com',
      role: 'analyst',
      scope: { phases: ['loyalty'] },
    })
    await call('PATCH', `/v1/members/${narrowed.userId}`, her, { scope: { phases: ['loyalty'] } })
    const open = await openInvitations()
    expect([open.includes('wide@example.com'), open.includes('within@example.com')]).toEqual([false, true])
    expect(codeOf(await comesIn(wide))).toBe('token-invalid')
    expect((await comesIn(within)).statusCode).toBe(200)
  })

  test('an invitation that was written while its inviter was removed opens nothing', async () => {
    const late = await join('lena@example.com', 'conductor')
    const hers = await asksIn(late, { email: 'latecomer@example.com', role: 'analyst' })
    await stores.admin('delete from member where user_id = $1', [late.userId])
    const refused = await comesIn(hers)
    expect(codeOf(refused)).toBe('token-invalid')
    expect(refused.json().error.remedy).toContain('new invitation')
    const key = (await call('POST', '/v1/api-keys', her, { name: 'Inviter', role: 'conductor' })).json()
    const bearer = { authorization: `Bearer ${key.key}` }
    const byKey = async (email: string) =>
      (await call('POST', '/v1/invitations', bearer, { email, role: 'analyst' })).json()
    const [first, second] = [await byKey('first@example.com'), await byKey('second@example.com')]
    expect((await comesIn(first)).statusCode).toBe(200)
    await call('DELETE', `/v1/api-keys/${key.keyId}`, her)
    expect(codeOf(await comesIn(second))).toBe('token-invalid')
  })

  test('a scope is given with the invitation, seen, changed, and never widened by who has it', async () => {
    const scope = { phases: ['loyalty'] }
    const draft = { email: 'pia@example.com', role: 'conductor', scope }
    const invited = (await call('POST', '/v1/invitations', her, draft)).json()
    expect(invited.scope).toEqual(scope)
    const accepted = { token: invited.token, name: 'Pia', password: testPassword }
    const his = { cookie: cookieOf(await call('POST', '/v1/invitations/accept', {}, accepted)) }
    const seen = (await call('GET', '/v1/session', his)).json()
    expect(seen.workspaces[0]).toMatchObject({ role: 'conductor', scope })
    expect(seen.workspaces[0].permissions).not.toContain('policy:write')
    const self = `/v1/members/${seen.user.id}`
    expect(codeOf(await call('PATCH', self, his, { scope: {} }))).toBe('forbidden')
    const mate = { email: 'mate@example.com', role: 'analyst' }
    expect(codeOf(await call('POST', '/v1/invitations', his, mate))).toBe('forbidden')
    expect((await call('POST', '/v1/invitations', his, { ...mate, scope })).statusCode).toBe(200)
    const key = { name: 'Wide', role: 'analyst' }
    expect(codeOf(await call('POST', '/v1/api-keys', his, key))).toBe('forbidden')
    expect((await call('POST', '/v1/api-keys', his, { ...key, scope })).statusCode).toBe(200)
    expect((await call('PATCH', self, her, { scope: { partner: 'Agency' } })).json()).toMatchObject({
      role: 'conductor',
      scope: { partner: 'Agency' },
    })
  })

  test('an owner has no scope: nobody would be left to widen it', async () => {
    const answer = await call('POST', '/v1/invitations', her, {
      email: 'narrow@example.com',
      role: 'owner',
      scope: { phases: ['loyalty'] },
    })
    expect(codeOf(answer)).toBe('invalid-input')
    const analyst = await join('ada@example.com', 'analyst')
    await call('PATCH', `/v1/members/${analyst.userId}`, her, { scope: { partner: 'Agency' } })
    expect(codeOf(await call('PATCH', `/v1/members/${analyst.userId}`, her, { role: 'owner' }))).toBe('invalid-input')
  })

  test('of two owners who remove each other at the same time one stays', async () => {
    const second = await join('olga@example.com', 'owner')
    const first = (await call('GET', '/v1/session', { cookie })).json().user.id
    const answers = await Promise.all([
      call('DELETE', `/v1/members/${first}`, { cookie: second.cookie }),
      call('DELETE', `/v1/members/${second.userId}`, her),
    ])
    expect(answers.map((answer) => answer.statusCode).sort()).toContain(204)
    const owners = await stores.admin<{ user_id: string }>(
      `select user_id from member where workspace_id = $1 and role = 'owner'`,
      [workspaceId],
    )
    expect(owners).toHaveLength(1)
    await stores.admin(`delete from member where user_id = $1`, [second.userId])
    await stores.admin(`insert into member values ($1, $2, 'owner', '{}', 0) on conflict do nothing`, [
      workspaceId,
      first,
    ])
  })

  test('who is removed is out at her next request, signed in or not', async () => {
    const lead = await join('lea@example.com', 'lead')
    expect((await call('GET', '/v1/members', { cookie: lead.cookie })).statusCode).toBe(200)
    expect((await call('DELETE', `/v1/members/${lead.userId}`, her)).statusCode).toBe(204)
    expect((await call('GET', '/v1/members', { cookie: lead.cookie })).statusCode).toBe(403)
    expect(
      codeOf(
        await call(
          'POST',
          '/v1/workspaces',
          { cookie: lead.cookie },
          { name: 'Mine', currency: 'EUR', timeZone: 'UTC' },
        ),
      ),
    ).toBe('forbidden')
  })
})

describe('keys', () => {
  test('a key is shown once, found by itself, and kept as a hash', async () => {
    const made = (await call('POST', '/v1/write-keys', her, { name: 'Shop' })).json()
    expect(await workspaces.findKey(made.key)).toMatchObject({ workspaceId, kind: 'write', role: null })
    const list = (await call('GET', '/v1/write-keys', her)).json().items
    expect(list[0]).toMatchObject({ name: 'Shop', hint: made.hint, lastUsedAt: clock.now() })
    expect(JSON.stringify(list)).not.toContain(made.key)
    const [row] = await stores.admin<{ row: string }>('select k::text as row from access_key k where key_id = $1', [
      made.keyId,
    ])
    expect(row?.row).not.toContain(made.key)
    expect(await workspaces.findKey(`${made.key.slice(0, -1)}_`)).toBeNull()
  })

  test('a revoked key stops at once here, and within five seconds in another process', async () => {
    const made = (await call('POST', '/v1/api-keys', her, { name: 'Report', role: 'analyst' })).json()
    const other = await testApp(stores, { clock })
    const use = (where: typeof baton) =>
      where.app.inject({ url: '/v1/workspace', headers: { authorization: `Bearer ${made.key}` } })
    expect([(await use(baton)).statusCode, (await use(other)).statusCode]).toEqual([200, 200])
    expect((await call('DELETE', `/v1/api-keys/${made.keyId}`, her)).statusCode).toBe(204)
    expect((await use(baton)).statusCode).toBe(401)
    clock.moveBy(5000)
    expect((await use(other)).statusCode).toBe(401)
    expect((await call('DELETE', `/v1/api-keys/${made.keyId}`, her)).statusCode).toBe(404)
  })

  test('a write key is no API key, and nobody makes a key that may more than she', async () => {
    const write = (await call('POST', '/v1/write-keys', her, { name: 'Shop' })).json()
    expect((await call('GET', '/v1/workspace', { authorization: `Bearer ${write.key}` })).statusCode).toBe(401)
    const developer = await baton.as(workspaceId, 'developer')
    expect(codeOf(await call('POST', '/v1/api-keys', developer, { name: 'X', role: 'owner' }))).toBe('forbidden')
    const own = await call('POST', '/v1/api-keys', developer, {
      name: 'X',
      role: 'developer',
      scope: { permissions: ['people:read'] },
    })
    const narrow = { authorization: `Bearer ${own.json().key}` }
    expect((await call('GET', '/v1/write-keys', narrow)).statusCode).toBe(403)
    expect(
      codeOf(
        await call(
          'POST',
          '/v1/api-keys',
          { authorization: `Bearer ${own.json().key}` },
          { name: 'Y', role: 'developer' },
        ),
      ),
    ).toBe('forbidden')
  })
})

describe('the workspace', () => {
  test('is changed field by field, by name in the audit, page by page', async () => {
    const changed = await call('PATCH', '/v1/workspace', her, {
      timeZone: 'Asia/Tokyo',
      settings: { holdForReview: true },
    })
    expect(changed.json()).toMatchObject({ name: 'Toys', timeZone: 'Asia/Tokyo', settings: { holdForReview: true } })
    expect(codeOf(await call('PATCH', '/v1/workspace', her, { timeZone: 'Mars/Base' }))).toBe('invalid-input')
    const first = (await call('GET', '/v1/audit?limit=1', her)).json()
    expect(first.items[0]).toMatchObject({
      action: 'workspace.changed',
      actorName: 'Ann',
      detail: { fields: ['timeZone', 'settings'] },
    })
    const seen: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: { items: { auditId: string }[]; next: string | null } = (
        await call('GET', `/v1/audit?limit=3&cursor=${next}`, her)
      ).json()
      seen.push(...page.items.map((entry) => entry.auditId))
      next = page.next
    }
    const [count] = await stores.admin<{ n: string }>('select count(*) as n from audit_entry where workspace_id = $1', [
      workspaceId,
    ])
    expect([seen.length, new Set(seen).size]).toEqual([Number(count?.n), Number(count?.n)])
    expect(codeOf(await call('GET', '/v1/audit?cursor=xyz', her))).toBe('invalid-cursor')
  })

  test('has its own time, which runs with the machine or stands where it is put', async () => {
    expect(await workspaces.domainNow(workspaceId)).toBe(clock.now())
    await workspaces.moveClock(workspaceId, 1_700_000_000_000)
    expect(await workspaces.domainNow(workspaceId)).toBe(1_700_000_000_000)
    await workspaces.moveClock(workspaceId, null)
    expect(await workspaces.domainNow(workspaceId)).toBe(clock.now())
  })
})

/** Which tables hold rows of a workspace, in both engines. */
const rowsLeft = async (of: string): Promise<string[]> => {
  const tables = await stores.admin<{ name: string }>(
    `select name from table_kind where kind = 'workspace' order by name`,
  )
  const filled: string[] = []
  for (const { name } of tables) {
    const [row] = await stores.admin<{ any: boolean }>(
      `select exists (select from "${name}" where workspace_id = $1) as any`,
      [of],
    )
    if (row?.any === true) filled.push(name)
  }
  for (const name of ['event', 'person', 'subject_person', 'customer_order']) {
    const [row] = await stores.clickhouse.query<{ n: number }>({
      sql: 'SELECT count() AS n FROM {name:Identifier} WHERE workspace_id = {of:UUID}',
      params: { name, of },
    })
    if (Number(row?.n) > 0) filled.push(`clickhouse.${name}`)
  }
  return filled
}

describe('leaving the sample', () => {
  test('opens a workspace with the same members in its place, once, and removes the sample even after a crash', async () => {
    expect(codeOf(await call('POST', '/v1/sample/leave', her, {}))).toBe('conflict')
    const owner = (await call('GET', '/v1/session', { cookie })).json().user.id
    const sample = await workspaces.create(
      { name: 'Sample', currency: 'USD', timeZone: 'UTC' },
      { ownerId: owner, isSample: true },
    )
    const analyst = await baton.as(sample.workspaceId, 'analyst')
    const simulated = { name: 'Noor Hassan', email: 'noor@shop.example', role: 'phase-owner', scope: {} } as const
    await workspaces.addSimulatedMember(sample.workspaceId, simulated)
    for (const each of [sample.workspaceId, workspaceId]) {
      await seedEveryTable(stores, each, newId<string>(), 'a row')
      await seedProjection(stores, each, newId<string>(), 'a row')
    }
    const kept = await rowsLeft(workspaceId)
    const inSample = { cookie, 'baton-workspace': sample.workspaceId }
    emptierBreaks = true
    const workspace = { name: 'Own', currency: 'USD', timeZone: 'UTC' }
    const both = await Promise.all([1, 2].map(() => call('POST', '/v1/sample/leave', inSample, { workspace })))
    const left = both.find((answer) => answer.statusCode === 200)
    expect(both.map((answer) => answer.statusCode).filter((status) => status === 200)).toHaveLength(1)
    const seen = (await call('GET', '/v1/session', { cookie })).json().workspaces
    expect(seen.map((each: { name: string }) => each.name)).toEqual(['Toys', 'Own'])
    expect(seen[1]).toMatchObject({ id: left?.json().workspaceId, isSample: false, role: 'owner' })
    const own = { cookie, 'baton-workspace': String(left?.json().workspaceId) }
    expect((await call('GET', '/v1/members', own)).json().items).toMatchObject([{ userId: owner }])
    expect((await call('GET', '/v1/members', inSample)).statusCode).toBe(403)
    expect((await call('GET', '/v1/members', analyst)).statusCode).toBe(401)
    expect(emptied).toEqual([])
    emptierBreaks = false
    await workspaces.emptyClosed()
    expect(await rowsLeft(sample.workspaceId)).toEqual(['audit_entry'])
    // What was under way when it closed may write once more; a later call takes that, too.
    await seedEveryTable(stores, sample.workspaceId, newId<string>(), 'late')
    clock.moveBy(5 * minuteMs)
    await workspaces.emptyClosed()
    await workspaces.emptyClosed()
    expect(await rowsLeft(sample.workspaceId)).toEqual(['audit_entry'])
    expect([emptied.length, new Set(emptied).size]).toEqual([2, 1])
    expect(await rowsLeft(workspaceId)).toEqual(kept)
    expect((await call('GET', '/v1/members', her)).statusCode).toBe(200)
    await expect(workspaces.get(sample.workspaceId)).rejects.toThrow(/no such workspace/)
  })
})
