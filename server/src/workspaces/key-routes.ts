import { apiKeyDraft, key, newKey, page, writeKeyDraft } from '@baton/contract'
import { z } from 'zod'
import { type App, principalOf } from '../http/index.ts'
import type { KeyKind } from './access-key.ts'
import { refuseToWiden } from './change-member.ts'
import { listKeys } from './key-store.ts'
import { makeKey, stopKey } from './make-key.ts'
import type { WorkspaceRouteDeps } from './routes.ts'

const keyParams = z.object({ id: z.uuid() })

/** Write keys (send events, nothing else) and API keys (act with a role): listed by hint, shown whole once. */
export const keyRoutes = (app: App, deps: WorkspaceRouteDeps): void => {
  listAndRevoke(app, deps, 'write', '/v1/write-keys')
  listAndRevoke(app, deps, 'api', '/v1/api-keys')

  app.route({
    method: 'POST',
    url: '/v1/write-keys',
    config: { access: { permission: 'keys:write' } },
    schema: {
      summary: 'Make a write key; it is shown once',
      tags: ['keys'],
      body: writeKeyDraft,
      response: { 200: newKey },
    },
    handler: (request) =>
      makeKey(deps, principalOf(request), { kind: 'write', name: request.body.name, role: null, scope: {} }),
  })

  app.route({
    method: 'POST',
    url: '/v1/api-keys',
    config: { access: { permission: 'keys:write' } },
    schema: {
      summary: 'Make an API key with no more than your own permissions; it is shown once',
      tags: ['keys'],
      body: apiKeyDraft,
      response: { 200: newKey },
    },
    handler: async (request) => {
      const principal = principalOf(request)
      refuseToWiden(principal, request.body)
      return makeKey(deps, principal, { kind: 'api', ...request.body })
    },
  })
}

const listAndRevoke = (app: App, deps: WorkspaceRouteDeps, kind: KeyKind, url: string): void => {
  const { postgres } = deps

  app.route({
    method: 'GET',
    url,
    config: { access: { permission: 'keys:write' } },
    schema: {
      summary: `${kind === 'write' ? 'Write' : 'API'} keys by hint, newest first`,
      tags: ['keys'],
      response: { 200: page(key) },
    },
    handler: async (request) => {
      const { workspaceId } = principalOf(request)
      return { items: await postgres.inWorkspace(workspaceId, (tx) => listKeys(tx, workspaceId, kind)), next: null }
    },
  })

  app.route({
    method: 'DELETE',
    url: `${url}/:id`,
    config: { access: { permission: 'keys:write' } },
    schema: { summary: 'Revoke a key at once', tags: ['keys'], params: keyParams, response: { 204: z.null() } },
    handler: async (request, reply) => {
      await stopKey(deps, principalOf(request), kind, request.params.id)
      return reply.code(204).send(null)
    },
  })
}
