import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { brandAs, RetryableError, type WorkspaceId } from '../kernel/index.ts'
import type { Principal, Routes, SignedIn } from './access.ts'
import { principalOf } from './access.ts'
import type { Who } from './authenticate.ts'
import { createHttpServer, type HttpServerOptions } from './http-server.ts'
import { sendSandboxedHtml } from './security-headers.ts'

const garden = brandAs<WorkspaceId>('01900000-0000-7000-8000-000000000001')
const orchard = brandAs<WorkspaceId>('01900000-0000-7000-8000-000000000002')
const analyst: SignedIn = {
  userId: 'ann',
  name: 'Ann',
  email: 'ann@example.com',
  memberships: [{ workspaceId: garden, role: 'analyst', scope: {} }],
}
const inBoth: SignedIn = {
  ...analyst,
  memberships: [...analyst.memberships, { workspaceId: orchard, role: 'owner', scope: {} }],
}
const apiKey: Principal = {
  kind: 'api-key',
  workspaceId: orchard,
  role: 'owner',
  scope: { permissions: ['people:read'] },
  actor: 'key:k1',
}

const who: Who = {
  bySession: async (cookies) => (cookies.session === 'ann' ? analyst : cookies.session === 'both' ? inBoth : null),
  byApiKey: async (key) => (key === 'good' ? apiKey : null),
  tookOut: async () => {},
}

const rooms: Routes = (app) => {
  app.get('/v1/people', { config: { access: { permission: 'people:read' } } }, (request) => ({
    in: principalOf(request).workspaceId,
  }))
  app.get('/v1/keys', { config: { access: { permission: 'keys:write' } } }, () => ({}))
  app.post('/v1/segments', {
    config: { access: { permission: 'segments:write' } },
    schema: {
      body: z.object({ name: z.string().min(2), size: z.int() }),
      response: { 200: z.object({ name: z.string() }) },
    },
    handler: (request) => request.body,
  })
  app.get('/v1/me', { config: { access: { session: true } } }, () => ({}))
  app.post('/u/:token', { config: { access: { public: true } } }, () => ({ left: true }))
  app.post('/v1/sign-in', { config: { access: { public: true, sameOrigin: true } } }, () => ({}))
  app.get('/v1/preview', { config: { access: { public: true } } }, (_request, reply) =>
    sendSandboxedHtml(reply, '<b>hi</b>'),
  )
  app.get('/v1/broken', { config: { access: { public: true } } }, () => {
    throw new Error('password=hunter2')
  })
  app.get('/v1/busy', { config: { access: { public: true } } }, () => {
    throw new RetryableError('store is restarting', 1500)
  })
}

const folder = mkdtempSync(join(tmpdir(), 'baton-http-'))
mkdirSync(join(folder, 'assets'))
writeFileSync(join(folder, 'index.html'), '<meta property="csp-nonce" nonce="__CSP_NONCE__">')
writeFileSync(join(folder, 'assets', 'main-1.js'), 'export {}')
afterAll(() => rmSync(folder, { recursive: true }))

const lines: string[] = []
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
const serve = async (more: Partial<HttpServerOptions> = {}) =>
  createHttpServer({
    log,
    publicUrl: 'http://127.0.0.1:4400',
    version: '0',
    who,
    rooms: [rooms],
    consoleFolder: folder,
    ...more,
  })

const { app } = await serve()
afterAll(() => app.close())
const cookie = 'session=ann'

describe('who may call a route', () => {
  test('nobody, garbage and an unknown key get 401 and the way in', async () => {
    for (const headers of [
      {},
      { authorization: 'Bearer bad' },
      { authorization: 'Basic Z29vZDo=' },
      { cookie: 'session=x' },
    ]) {
      const answer = await app.inject({ url: '/v1/people', headers })
      expect(answer.statusCode).toBe(401)
      expect(answer.json().error).toMatchObject({ code: 'unauthenticated', remedy: expect.stringContaining('Bearer') })
    }
  })

  test('a member gets in with her role, and only there', async () => {
    expect((await app.inject({ url: '/v1/people', headers: { cookie } })).json()).toEqual({ in: garden })
    const denied = await app.inject({ url: '/v1/keys', headers: { cookie } })
    expect(denied.json().error).toMatchObject({ code: 'forbidden', details: { permission: 'keys:write' } })
    const foreign = await app.inject({ url: '/v1/people', headers: { cookie, 'baton-workspace': orchard } })
    const unknown = await app.inject({ url: '/v1/people', headers: { cookie, 'baton-workspace': 'nope' } })
    expect([foreign.statusCode, foreign.body]).toEqual([403, unknown.body])
  })

  test('a member of several workspaces has to name one, in the header or for a stream in the query', async () => {
    const both = { cookie: 'session=both' }
    expect((await app.inject({ url: '/v1/people', headers: both })).json().error.code).toBe('workspace-required')
    const named = await app.inject({ url: '/v1/people', headers: { ...both, 'baton-workspace': orchard } })
    expect(named.json()).toEqual({ in: orchard })
    expect((await app.inject({ url: `/v1/people?workspace=${garden}`, headers: both })).json()).toEqual({ in: garden })
  })

  test('an API key works in its own workspace and within its scope, and is no session', async () => {
    const headers = { authorization: 'Bearer good', 'baton-workspace': garden }
    expect((await app.inject({ url: '/v1/people', headers })).json()).toEqual({ in: orchard })
    expect((await app.inject({ url: '/v1/keys', headers })).statusCode).toBe(403)
    expect((await app.inject({ url: '/v1/me', headers })).statusCode).toBe(401)
  })

  test('who calls is the connection, or whom a trusted proxy names', async () => {
    const room: Routes = (app) =>
      void app.get('/v1/caller', { config: { access: { public: true } } }, ({ ip }) => ({ ip }))
    const callerOf = async (trustedProxies: readonly string[], remoteAddress: string) => {
      const { app } = await serve({ rooms: [room], trustedProxies })
      onTestFinished(() => app.close())
      const headers = { 'x-forwarded-for': '203.0.113.9' }
      return (await app.inject({ url: '/v1/caller', headers, remoteAddress })).json().ip
    }
    expect(await callerOf([], '10.0.0.7')).toBe('10.0.0.7')
    expect(await callerOf(['10.0.0.0/8'], '10.0.0.7')).toBe('203.0.113.9')
    expect(await callerOf(['10.0.0.0/8'], '198.51.100.1')).toBe('198.51.100.1')
  })

  test('a route without a rule keeps the server from starting', async () => {
    await expect(serve({ rooms: [(bad) => void bad.get('/v1/open', () => 'oops')] })).rejects.toThrow(
      /GET \/v1\/open says nothing/,
    )
    await expect(serve({ bareRooms: [(bad) => void bad.post('/v1/raw', () => 'oops')] })).rejects.toThrow(
      /POST \/v1\/raw says nothing/,
    )
  })
})

describe('requests from other sites', () => {
  const post = (url: string, headers: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url,
      headers: { host: '127.0.0.1:4400', ...headers },
      payload: { name: 'Buyers', size: 1 },
    })

  test('a change with the session cookie is refused unless it comes from our own pages', async () => {
    expect((await post('/v1/segments', { cookie, origin: 'http://127.0.0.1:4400' })).statusCode).toBe(200)
    expect((await post('/v1/segments', { cookie })).statusCode).toBe(200)
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:9999']) {
      expect((await post('/v1/segments', { cookie, origin })).json().error.code).toBe('cross-origin')
    }
    expect((await post('/v1/segments', { cookie, 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
  })

  test('nobody is signed in from another site; what needs no session may be posted from anywhere', async () => {
    expect((await post('/v1/sign-in', { origin: 'http://evil.example' })).statusCode).toBe(403)
    expect((await post('/u/abc', { origin: 'https://mail.example' })).statusCode).toBe(200)
  })
})

describe('errors', () => {
  test('bad input names each field; invalid JSON and oversize have codes of their own', async () => {
    const post = (payload: string, type = 'application/json') =>
      app.inject({ method: 'POST', url: '/v1/segments', headers: { cookie, 'content-type': type }, payload })
    const fields = (await post('{"name":"x","size":1.5}')).json()
    expect(fields.error.code).toBe('invalid-input')
    expect(fields.error.details.map((each: { path: string }) => each.path)).toEqual(['name', 'size'])
    expect((await post('{')).json().error.code).toBe('invalid-json')
    expect((await post(' '.repeat(1_048_577))).json().error.code).toBe('too-large')
    expect((await post('<a/>', 'text/xml')).json().error.code).toBe('unsupported-media-type')
    expect((await app.inject({ url: '/v1/nothing' })).json().error.code).toBe('not-found')
  })

  test('what breaks is not told, but found in the log; a restarting part says when to come back', async () => {
    const broken = await app.inject({ url: '/v1/broken' })
    expect([broken.statusCode, broken.body.includes('hunter2')]).toEqual([500, false])
    expect(lines.some((line) => line.includes('hunter2') && line.includes(String(broken.headers['request-id'])))).toBe(
      true,
    )
    const busy = await app.inject({ url: '/v1/busy' })
    expect([busy.statusCode, busy.headers['retry-after']]).toEqual([503, '2'])
  })

  test('the log names the route, never the address, the query, the cookie or the body', async () => {
    lines.length = 0
    await app.inject({
      method: 'POST',
      url: '/u/secret-token?email=eve@example.com',
      headers: { cookie: 'session=both' },
      payload: { a: 'ann@x.y' },
    })
    const [line] = lines
    expect(line).toContain('"/u/:token"')
    for (const word of ['secret-token', 'eve@', 'both', 'ann@']) expect(line).not.toContain(word)
  })
})

describe('pages', () => {
  test('every console path gets index.html with the nonce of its policy; API paths do not', async () => {
    const page = await app.inject({ url: '/people/01?tab=x', headers: { accept: 'text/html' } })
    const nonce = /nonce="([\w-]+)"/.exec(page.body)?.[1]
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-security-policy']).toContain(`'nonce-${nonce}'`)
    expect(page.headers['content-security-policy']).not.toContain('unsafe')
    expect(page.headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' })
    for (const url of ['/', '/index.html']) expect((await app.inject({ url })).body).toMatch(/nonce="[\w-]{22}"/)
    expect((await app.inject({ url: '/v1/nope', headers: { accept: 'text/html' } })).statusCode).toBe(404)
    expect((await app.inject({ url: '/assets/' })).json().error.code).toBe('not-found')
    expect((await app.inject({ url: '/assets/gone.js' })).statusCode).toBe(404)
    expect((await app.inject({ url: '/assets/main-1.js' })).headers['cache-control']).toContain('immutable')
    expect((await app.inject({ url: '/assets/..%2f..%2f..%2fetc/passwd' })).statusCode).toBe(404)
  })

  test('HTML of others may show, not act', async () => {
    const preview = await app.inject({ url: '/v1/preview' })
    expect(preview.headers['content-security-policy']).toContain("sandbox; default-src 'none'")
    expect(preview.body).toBe('<b>hi</b>')
  })

  test('the API describes itself as OpenAPI 3.1 with who may call what; the docs page asks nobody else', async () => {
    const document = (await app.inject({ url: '/v1/openapi.json' })).json()
    expect(document.openapi).toBe('3.1.0')
    expect(document.paths['/v1/segments'].post).toMatchObject({
      'x-baton-access': { permission: 'segments:write' },
      security: [{ apiKey: [] }, { session: [] }],
    })
    expect(document.paths['/v1/segments'].post.requestBody.content['application/json'].schema.required).toEqual([
      'name',
      'size',
    ])
    const docs = await app.inject({ url: '/docs' })
    expect(docs.statusCode).toBe(200)
    expect(docs.body).toContain('with the permission segments:write')
    expect(docs.body).toContain('size: integer')
    expect(docs.body).not.toMatch(/<script|(src|href)="(https?:)?\/\//)
    expect((await app.inject({ url: '/docs/' })).headers.location).toBe('/docs')
  })
})
