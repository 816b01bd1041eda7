import { leaveSample, leftSample, workspace, workspaceDraft, workspacePatch } from '@baton/contract'
import { type App, notFound, principalOf, signedInOf, UserError } from '../http/index.ts'
import { brandAs, type TimeZone } from '../kernel/index.ts'
import type { WorkspaceRouteDeps } from './routes.ts'
import { lockWorkspace, updateWorkspace, type Workspace } from './workspace-store.ts'

/** The workspace itself: read it, change it, make another one, leave the sample. */
export const workspaceRoutes = (app: App, deps: WorkspaceRouteDeps): void => {
  const { postgres, workspaces, log } = deps

  app.route({
    method: 'GET',
    url: '/v1/workspace',
    config: { access: { permission: 'workspace:read' } },
    schema: { summary: 'The workspace', tags: ['workspace'], response: { 200: workspace } },
    handler: async (request) => answer(await workspaces.get(principalOf(request).workspaceId)),
  })

  app.route({
    method: 'PATCH',
    url: '/v1/workspace',
    config: { access: { permission: 'workspace:write' } },
    schema: {
      summary: 'Change name, currency, time zone or settings',
      tags: ['workspace'],
      body: workspacePatch,
      response: { 200: workspace },
    },
    handler: async (request) => {
      const { workspaceId, actor } = principalOf(request)
      const { settings, ...patch } = request.body
      return postgres.inWorkspace(workspaceId, async (tx) => {
        const now = await lockWorkspace(tx, workspaceId)
        if (now === null) throw notFound('workspace')
        const next = withPatch(now, patch, settings)
        await updateWorkspace(tx, next)
        const detail = { fields: Object.keys(request.body) }
        await workspaces.audit(tx, {
          workspaceId,
          actor,
          action: 'workspace.changed',
          object: `workspace:${workspaceId}`,
          detail,
        })
        return answer(next)
      })
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/workspaces',
    config: { access: { session: true }, errors: ['forbidden'] },
    schema: {
      summary: 'Make another workspace and own it',
      tags: ['workspace'],
      body: workspaceDraft,
      response: { 200: workspace },
    },
    handler: async (request) => {
      const { userId, memberships } = signedInOf(request)
      // Only who owns a workspace here may add one: an invited agency is not a customer of this installation.
      if (!memberships.some((each) => each.role === 'owner')) {
        throw new UserError('forbidden', 'Only an owner of a workspace may make another one.', {
          remedy: 'Ask an owner to make it and invite you.',
        })
      }
      return answer(await workspaces.create(request.body, { ownerId: userId }))
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/sample/leave',
    config: { access: { permission: 'workspace:write' } },
    schema: {
      summary: 'Start with my own data: close the sample and open a workspace in its place',
      tags: ['workspace'],
      body: leaveSample,
      response: { 200: leftSample },
    },
    handler: async (request) => {
      const { workspaceId } = await workspaces.leaveSample(principalOf(request), request.body.workspace)
      // It may take seconds and the caller need not wait; what fails here goes on at the next start.
      workspaces
        .emptyClosed()
        .catch((error: unknown) =>
          log.error({ err: error }, 'emptying the sample stopped; it goes on at the next start'),
        )
      return { workspaceId }
    },
  })
}

const answer = (found: Workspace) => ({ ...found, settings: { ...found.settings } })

const withPatch = (
  now: Workspace,
  patch: {
    readonly name?: string | undefined
    readonly currency?: string | undefined
    readonly timeZone?: string | undefined
  },
  settings: Readonly<Record<string, unknown>> | undefined,
): Workspace => ({
  ...now,
  name: patch.name ?? now.name,
  currency: patch.currency ?? now.currency,
  timeZone: patch.timeZone === undefined ? now.timeZone : brandAs<TimeZone>(patch.timeZone),
  settings: { ...now.settings, ...settings },
})
