import { getSchema } from 'better-auth/db'
import { describe, expect, test } from 'vitest'
import { cookieOf, firstUser, testApp, testPassword } from '../../../tests/harness/app.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { dayMs, movableClock } from '../kernel/index.ts'
import { hashToken } from './sign-in-database.ts'

const stores = await testStores()
const clock = movableClock(Date.now())
const created: (string | null)[] = []
const baton = await testApp(stores, {
  clock,
  onWorkspaceCreated: [
    async (_tx, { ownerId, isSample }) =>
      void created.push(`${isSample ? 'sample' : 'own'}:${ownerId === null ? 'nobody' : 'her'}`),
  ],
})
const { app, workspaces } = baton

const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url, payload, headers })
const signIn = (password: string, email = 'ann@example.com') => post('/api/auth/sign-in/email', { email, password })
const session = (cookie: string) => app.inject({ url: '/v1/session', headers: { cookie } })

describe('the first run', () => {
  const draft = { name: 'Toys', currency: 'EUR', timeZone: 'Europe/Madrid' }
  const person = { name: 'Ann', email: 'Ann@Example.com', password: testPassword }

  test('only the newest token opens it, once, however many try at the same time', async () => {
    expect((await app.inject({ url: '/v1/first-run' })).json()).toEqual({ needed: true, sample: false })
    await workspaces.create({ ...draft, name: 'Sample' }, { ownerId: null, isSample: true, clockAt: 1_700_000_000_000 })
    const older = await workspaces.firstRunToken()
    const token = await workspaces.firstRunToken()
    expect((await app.inject({ url: '/v1/first-run' })).json()).toEqual({ needed: true, sample: true })
    for (const wrong of [older, 'x']) {
      expect((await post('/v1/first-run', { ...person, token: wrong, workspace: draft })).json().error.code).toBe(
        'token-invalid',
      )
    }
    const kept = await stores.admin<{ token_hash: Buffer }>('select token_hash from first_run')
    expect(kept[0]?.token_hash.toString('latin1')).not.toContain(token)
    const both = await Promise.all([1, 2].map(() => post('/v1/first-run', { ...person, token, workspace: draft })))
    expect(both.map((answer) => answer.statusCode).sort()).toEqual([200, 403])
    expect((await app.inject({ url: '/v1/first-run' })).json()).toEqual({ needed: false, sample: false })
    expect(await workspaces.firstRunToken()).toBeNull()
  })

  test('she owns what she made and the sample that was there before her, and the hooks know', async () => {
    const answer = (await session(cookieOf(await signIn(testPassword)))).json()
    expect(answer.user).toMatchObject({ name: 'Ann', email: 'ann@example.com' })
    expect(answer.workspaces).toEqual([
      expect.objectContaining({ name: 'Sample', isSample: true, role: 'owner', clockAt: 1_700_000_000_000 }),
      expect.objectContaining({ name: 'Toys', isSample: false, role: 'owner', clockAt: null, currency: 'EUR' }),
    ])
    expect(created).toEqual(['sample:nobody', 'own:her', 'sample:her'])
  })
})

describe('sessions', () => {
  test('the cookie is HttpOnly and SameSite=Lax; what is stored opens nothing and hides the password', async () => {
    const answer = await signIn(testPassword)
    expect(answer.json()).toEqual({ done: true })
    expect(answer.headers['set-cookie']).toMatch(/^baton\.session_token=.*; Path=\/; HttpOnly; SameSite=Lax$/i)
    const token = cookieOf(answer).replace('baton.session_token=', '').split('.', 1)[0] ?? ''
    const rows = await stores.admin<{ token: string; ipAddress: string | null }>(
      'select "token", "ipAddress" from "session"',
    )
    expect(rows.map((row) => row.token)).toContain(hashToken(token))
    expect(rows.some((row) => row.token.includes(token))).toBe(false)
    expect((await session(`baton.session_token=${hashToken(token)}.x`)).statusCode).toBe(401)
    const accounts = await stores.admin<{ password: string }>('select "password" from "account"')
    expect(accounts[0]?.password).toMatch(/^\$argon2id\$/)
  })

  test('under https the cookie is Secure', async () => {
    const secure = await testApp(stores, { publicUrl: 'https://baton.example' })
    const payload = { email: 'ann@example.com', password: testPassword }
    const answer = await secure.app.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload })
    expect(answer.headers['set-cookie']).toMatch(/^__Secure-baton\.session_token=.*; Secure/i)
    expect((await secure.app.inject({ url: '/v1/session', headers: { cookie: cookieOf(answer) } })).statusCode).toBe(
      200,
    )
    expect(answer.headers['strict-transport-security']).toContain('max-age')
  })

  test('signing out ends the session, not only the cookie', async () => {
    const cookie = cookieOf(await signIn(testPassword))
    expect((await session(cookie)).statusCode).toBe(200)
    await post('/api/auth/sign-out', {}, { cookie })
    expect((await session(cookie)).statusCode).toBe(401)
  })

  test('a new password ends every session but the one that asked, which gets a new one', async () => {
    const [here, there] = [cookieOf(await signIn(testPassword)), cookieOf(await signIn(testPassword))]
    const change = { currentPassword: testPassword, newPassword: 'quite another sentence' }
    expect(
      (await post('/api/auth/change-password', { ...change, currentPassword: 'wrong' }, { cookie: here })).statusCode,
    ).toBe(401)
    const changed = await post('/api/auth/change-password', change, { cookie: here })
    expect(changed.statusCode).toBe(200)
    expect([(await session(here)).statusCode, (await session(there)).statusCode]).toEqual([401, 401])
    const fresh = cookieOf(changed)
    expect((await session(fresh)).statusCode).toBe(200)
    expect((await signIn(testPassword)).statusCode).toBe(401)
    const back = { currentPassword: change.newPassword, newPassword: testPassword }
    expect((await post('/api/auth/change-password', back, { cookie: fresh })).statusCode).toBe(200)
  })

  test('a session ends after seven days without use', async () => {
    const cookie = cookieOf(await signIn(testPassword))
    const before = clock.now()
    // The sign-in library reads the machine's clock, not ours.
    clock.moveTo(Date.now() + 7 * dayMs + 1)
    expect((await session(cookie)).statusCode).toBe(401)
    clock.moveTo(before)
  })
})

describe('guessing', () => {
  test('a wrong password and an unknown address get the same answer, and nobody signs up', async () => {
    const wrong = await signIn('not her password')
    const unknown = await signIn('not her password', 'bob@example.com')
    expect([wrong.statusCode, wrong.body]).toEqual([401, unknown.body])
    expect(
      (await post('/api/auth/sign-up/email', { email: 'bob@example.com', password: testPassword, name: 'Bob' }))
        .statusCode,
    ).toBe(404)
    expect((await signIn(testPassword, 'not an address')).statusCode).toBe(401)
  })

  test('the sixth try is refused even with the right password', async () => {
    const from = (remoteAddress: string, password: string) =>
      app.inject({
        method: 'POST',
        url: '/api/auth/sign-in/email',
        payload: { email: 'ann@example.com', password },
        remoteAddress,
      })
    for (let at = 0; at < 5; at += 1) expect((await from('10.0.0.9', 'wrong again')).statusCode).toBe(401)
    const closed = await from('10.0.0.9', testPassword)
    expect([closed.statusCode, Number(closed.headers['retry-after']) > 60]).toEqual([429, true])
    expect((await from('10.0.0.10', testPassword)).statusCode).toBe(200)
  })
})

test('the tables are those the sign-in library expects', async () => {
  const rows = await stores.admin<{ table_name: string; column_name: string }>(
    `select table_name::text, column_name::text from information_schema.columns where table_name in ('user', 'session', 'account', 'verification')`,
  )
  const ours = rows.map((row) => `${row.table_name}.${row.column_name}`).sort()
  const theirs = Object.entries(getSchema({ emailAndPassword: { enabled: true } })).flatMap(([table, { fields }]) =>
    ['id', ...Object.keys(fields)].map((column) => `${table}.${column}`),
  )
  expect(ours).toEqual([...new Set(theirs)].sort())
})

test('the first user can sign in to a Baton without a sample, too', async () => {
  const other = await testStores()
  const { cookie } = await firstUser(await testApp(other))
  expect(cookie).toContain('baton.session_token=')
})
