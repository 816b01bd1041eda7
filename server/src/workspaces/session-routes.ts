import {
  acceptInvitation,
  changePassword,
  firstRun,
  firstRunState,
  passwordMinLength,
  session,
  signedInUser,
  signIn,
} from '@baton/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type App, permissionsOf, signedInOf } from '../http/index.ts'
import { joinByInvitation } from './invite.ts'
import type { WorkspaceRouteDeps } from './routes.ts'
import type { BrowserHeaders } from './sign-in.ts'

const done = z.object({ done: z.literal(true) })

/** Sign-in, sign-out, who is here, the first run, accepting an invitation: everything that sets a session cookie. */
export const sessionRoutes = (app: App, deps: WorkspaceRouteDeps): void => {
  const { workspaces, throttle } = deps
  const signInBy = async (
    request: FastifyRequest,
    reply: FastifyReply,
    email: string,
    password: string,
  ): Promise<void> => {
    setCookies(reply, await workspaces.signIn.signIn(browserOf(request), email, password))
  }

  app.route({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    config: { access: { public: true, sameOrigin: true }, errors: ['sign-in-failed', 'too-many-attempts'] },
    schema: { summary: 'Sign in', tags: ['session'], body: signIn, response: { 200: done } },
    handler: async (request, reply) => {
      const { email, password } = request.body
      await throttle.attempt(request.ip, email, () => signInBy(request, reply, email, password))
      return { done: true } as const
    },
  })

  app.route({
    method: 'POST',
    url: '/api/auth/sign-out',
    config: { access: { public: true, sameOrigin: true } },
    schema: { summary: 'Sign out', tags: ['session'], response: { 200: done } },
    handler: async (request, reply) => {
      setCookies(reply, await workspaces.signIn.signOut(browserOf(request)))
      return { done: true } as const
    },
  })

  app.route({
    method: 'POST',
    url: '/api/auth/change-password',
    config: { access: { session: true }, errors: ['sign-in-failed', 'too-many-attempts'] },
    schema: {
      summary: 'Change the password and end every other session',
      tags: ['session'],
      body: changePassword,
      response: { 200: done },
    },
    handler: async (request, reply) => {
      const { currentPassword, newPassword } = request.body
      const change = () => workspaces.signIn.changePassword(browserOf(request), currentPassword, newPassword)
      setCookies(reply, await throttle.attempt(request.ip, signedInOf(request).email, change))
      return { done: true } as const
    },
  })

  app.route({
    method: 'GET',
    url: '/v1/session',
    config: { access: { session: true } },
    schema: { summary: 'Who is signed in, and in which workspaces', tags: ['session'], response: { 200: session } },
    handler: async (request, reply) => {
      setCookies(reply, await workspaces.signIn.touch(browserOf(request)))
      const { userId, name, email, memberships } = signedInOf(request)
      const found = await workspaces.getMany(memberships.map((each) => each.workspaceId))
      return {
        user: { id: userId, name, email },
        workspaces: memberships.flatMap((membership) => {
          const workspace = found.find((each) => each.workspaceId === membership.workspaceId)
          if (workspace === undefined) return []
          const { isSample, currency, timeZone, clockAt } = workspace
          const { role, scope, workspaceId: id } = membership
          const permissions = [...permissionsOf(membership)]
          return [{ id, name: workspace.name, isSample, role, scope, permissions, currency, timeZone, clockAt }]
        }),
      }
    },
  })

  app.route({
    method: 'GET',
    url: '/v1/first-run',
    config: { access: { public: true } },
    schema: {
      summary: 'Whether the first user is still to be made, and whether a sample waits for her',
      tags: ['session'],
      response: { 200: firstRunState },
    },
    handler: async () => {
      const needed = await workspaces.needsFirstRun()
      return { needed, sample: needed && (await workspaces.list()).some(({ isSample }) => isSample) }
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/first-run',
    config: {
      access: { public: true, sameOrigin: true },
      errors: ['token-invalid', 'sign-in-failed', 'too-many-attempts'],
    },
    schema: {
      summary: 'Make the first user, who owns the workspaces that are there and the one she describes',
      tags: ['session'],
      body: firstRun,
      response: { 200: done },
    },
    handler: async (request, reply) => {
      const given = request.body
      await throttle.attempt(request.ip, 'first-run', () => workspaces.completeFirstRun(given))
      await signInBy(request, reply, given.email, given.password)
      return { done: true } as const
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/invitations/accept',
    config: {
      access: { public: true, sameOrigin: true },
      errors: ['token-invalid', 'sign-in-failed', 'too-many-attempts'],
    },
    schema: {
      summary: 'Join a workspace by invitation',
      tags: ['session'],
      body: acceptInvitation,
      response: { 200: z.object({ workspaceId: z.uuid(), user: signedInUser.pick({ email: true }) }) },
    },
    handler: async (request, reply) => {
      const given = request.body
      const joined = await throttle.attempt(request.ip, 'invitation', () =>
        joinByInvitation(deps, given, passwordMinLength),
      )
      await signInBy(request, reply, joined.email, given.password)
      return { workspaceId: joined.workspaceId, user: { email: joined.email } }
    },
  })
}

const browserOf = (request: FastifyRequest): BrowserHeaders => ({
  cookie: request.headers.cookie,
  userAgent: request.headers['user-agent'],
})

const setCookies = (reply: FastifyReply, lines: readonly string[]): void => {
  reply.header('cache-control', 'no-store')
  for (const line of lines) reply.header('set-cookie', line)
}
