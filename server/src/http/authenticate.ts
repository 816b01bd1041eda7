import type { Permission } from '@baton/contract'
import type { FastifyRequest } from 'fastify'
import type { WorkspaceId } from '../kernel/index.ts'
import type { Access, Principal, SignedIn } from './access.ts'
import { may, refuseBeyond } from './permissions.ts'
import { isSameOrigin } from './same-origin.ts'
import { UserError } from './user-error.ts'

/** Finds out who asks. The workspaces room implements it, because users, members and keys are its own. */
export interface Who {
  /** Who the session cookie belongs to; null: nobody, ended or too old. */
  bySession(cookies: Readonly<Record<string, string | undefined>>): Promise<SignedIn | null>
  /** Whose API key this is; null: unknown, revoked, or a write key. */
  byApiKey(key: string): Promise<Principal | null>
  /** Keeps in the audit that a whole list left Baton; called before its first row does. */
  tookOut(principal: Principal, what: { readonly list: string; readonly path: string }): Promise<void>
}

/** Lets a request through to its route, or throws why not. Runs before the body is read. */
export const authenticate = async (
  request: FastifyRequest,
  access: Access,
  who: Who,
  publicUrl: string,
): Promise<void> => {
  if ('writeKey' in access) return
  if ('public' in access) {
    if (access.sameOrigin === true) refuseOtherSites(request, publicUrl)
    return
  }
  const key = bearerKey(request.headers.authorization)
  if (key !== null) return admitKey(request, access, await who.byApiKey(key))
  const signedIn = await who.bySession(request.cookies)
  if (signedIn === null) throw unauthenticated()
  refuseOtherSites(request, publicUrl)
  request.signedIn = signedIn
  if ('session' in access) return
  request.principal = memberOf(signedIn, wantedWorkspace(request))
  refuseWithout(access, request.principal)
}

const admitKey = (request: FastifyRequest, access: Access, principal: Principal | null): void => {
  if (principal === null || !('permission' in access)) throw unauthenticated()
  refuseWithout(access, principal)
  request.principal = principal
}

const bearerKey = (authorization: string | undefined): string | null =>
  authorization === undefined ? null : (/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '')

/** The header of fetch calls, or `?workspace=` for an EventSource, which can't send headers. */
const wantedWorkspace = (request: FastifyRequest): string | null => {
  const header = request.headers['baton-workspace']
  if (typeof header === 'string' && header !== '') return header
  const query: unknown = request.query
  if (typeof query !== 'object' || query === null || !('workspace' in query)) return null
  return typeof query.workspace === 'string' && query.workspace !== '' ? query.workspace : null
}

const memberOf = (signedIn: SignedIn, wanted: string | null): Principal => {
  const { memberships, userId } = signedIn
  if (wanted === null && memberships.length > 1) {
    throw new UserError('workspace-required', 'You are in several workspaces.', {
      remedy: 'Name one in the header "baton-workspace".',
    })
  }
  const membership = wanted === null ? memberships[0] : memberships.find((each) => isSame(each.workspaceId, wanted))
  // The same words for a workspace that does not exist and for one she is not in.
  if (membership === undefined) {
    throw new UserError('forbidden', 'You are not a member of that workspace.', {
      remedy: 'Choose one of GET /v1/session, or ask its owner for an invitation.',
    })
  }
  return { kind: 'user', actor: `user:${userId}`, ...membership }
}

const isSame = (own: WorkspaceId, wanted: string): boolean => own === wanted.toLowerCase()

/** @throws UserError when the role, its scope or what the route reaches keeps her from it. */
export const refuseWithout = (access: Extract<Access, { permission: Permission }>, principal: Principal): void => {
  const { permission, reach } = access
  if (!may({ ...principal, scope: {} }, permission))
    throw new UserError('forbidden', `The role "${principal.role}" may not do this.`, {
      remedy: 'Ask an owner of the workspace for a role that may.',
      details: { permission },
    })
  if (!may(principal, permission))
    throw new UserError('forbidden', 'Your scope keeps this from you, though the role may do it.', {
      remedy: 'Ask an owner to widen your scope (Settings, Members), or take a key that may.',
      details: { permission },
    })
  if (reach !== undefined) refuseBeyond(principal, reach)
}

const refuseOtherSites = (request: FastifyRequest, publicUrl: string): void => {
  const provenance = {
    method: request.method,
    host: request.host,
    origin: request.headers.origin,
    secFetchSite: headerText(request.headers['sec-fetch-site']),
  }
  if (isSameOrigin(provenance, publicUrl)) return
  throw new UserError('cross-origin', 'This request comes from a page of another site.', {
    remedy: 'Use an API key, or open Baton under its own address; behind a proxy set BATON_URL to that address.',
  })
}

const headerText = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

const unauthenticated = (): UserError =>
  new UserError('unauthenticated', 'Nobody is signed in, and no valid API key came with the request.', {
    remedy: 'Sign in, or send "Authorization: Bearer <API key>" with a key that is not revoked.',
  })
