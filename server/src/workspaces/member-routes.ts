import {
  invitation,
  invitationDraft,
  member,
  memberPatch,
  newInvitation,
  page,
  permissions,
  roleList,
  roles,
} from '@baton/contract'
import { z } from 'zod'
import { type App, permissionMeanings, principalOf, rolePermissions } from '../http/index.ts'
import { changeMember, refuseScopedOwner, refuseToWiden, removeMember } from './change-member.ts'
import { listInvitations } from './invitation-store.ts'
import { invite, withdrawInvitation } from './invite.ts'
import { listMembers } from './member-store.ts'
import type { WorkspaceRouteDeps } from './routes.ts'

const userParams = z.object({ id: z.string().min(1).max(100) })

/** Who works in the workspace, and who is invited to. */
export const memberRoutes = (app: App, deps: WorkspaceRouteDeps): void => {
  const { postgres, workspaces } = deps

  app.route({
    method: 'GET',
    url: '/v1/members',
    config: { access: { permission: 'workspace:read' } },
    schema: { summary: 'Members with role and scope', tags: ['members'], response: { 200: page(member) } },
    handler: async (request) => {
      const { workspaceId } = principalOf(request)
      return { items: await postgres.inWorkspace(workspaceId, (tx) => listMembers(tx, workspaceId)), next: null }
    },
  })

  app.route({
    method: 'GET',
    url: '/v1/roles',
    config: { access: { permission: 'workspace:read' } },
    schema: { summary: 'What each role may do', tags: ['members'], response: { 200: roleList } },
    handler: () => ({
      roles: roles.map((role) => ({ role, permissions: [...rolePermissions[role]] })),
      meanings: permissions.map((permission) => ({ permission, meaning: permissionMeanings[permission] })),
    }),
  })

  app.route({
    method: 'PATCH',
    url: '/v1/members/:id',
    config: { access: { permission: 'members:write' } },
    schema: {
      summary: 'Change role or scope',
      tags: ['members'],
      params: userParams,
      body: memberPatch,
      response: { 200: member },
    },
    handler: async (request) => {
      const principal = principalOf(request)
      const { workspaceId, actor } = principal
      const userId = request.params.id
      return postgres.inWorkspace(workspaceId, async (tx) => {
        const next = await changeMember(tx, principal, userId, request.body)
        const detail = { role: next.role, scope: next.scope }
        await workspaces.audit(tx, { workspaceId, actor, action: 'member.changed', object: `user:${userId}`, detail })
        return next
      })
    },
  })

  app.route({
    method: 'DELETE',
    url: '/v1/members/:id',
    config: { access: { permission: 'members:write' } },
    schema: {
      summary: 'Remove from the workspace',
      tags: ['members'],
      params: userParams,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      const principal = principalOf(request)
      const { workspaceId, actor } = principal
      const userId = request.params.id
      await postgres.inWorkspace(workspaceId, async (tx) => {
        await removeMember(tx, principal, userId)
        await workspaces.audit(tx, { workspaceId, actor, action: 'member.removed', object: `user:${userId}` })
      })
      return reply.code(204).send(null)
    },
  })

  app.route({
    method: 'GET',
    url: '/v1/invitations',
    config: { access: { permission: 'members:write' } },
    schema: { summary: 'Invitations, newest first', tags: ['members'], response: { 200: page(invitation) } },
    handler: async (request) => {
      const { workspaceId } = principalOf(request)
      return { items: await postgres.inWorkspace(workspaceId, (tx) => listInvitations(tx, workspaceId)), next: null }
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/invitations',
    config: { access: { permission: 'members:write' } },
    schema: {
      summary: 'Invite somebody; the token is shown once',
      tags: ['members'],
      body: invitationDraft,
      response: { 200: newInvitation },
    },
    handler: async (request) => {
      const principal = principalOf(request)
      refuseToWiden(principal, request.body)
      refuseScopedOwner(request.body)
      const made = await invite(deps, principal, request.body)
      return { ...made, path: `/invitation/${made.token}` }
    },
  })

  app.route({
    method: 'DELETE',
    url: '/v1/invitations/:id',
    config: { access: { permission: 'members:write' } },
    schema: {
      summary: 'Withdraw an invitation that nobody has accepted',
      tags: ['members'],
      params: z.object({ id: z.uuid() }),
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      await withdrawInvitation(deps, principalOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  })
}
