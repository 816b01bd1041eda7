import { journey, journeyDraftChanges, journeyParams, trashList, versionPage, versionQuery } from '@baton/contract'
import { z } from 'zod'
import { type App, decodeCursor, principalOf } from '../http/index.ts'
import { answerable, idOf, refuseOthers } from './journey-access.ts'
import type { JourneyArchive } from './journey-archive.ts'
import type { JourneyDesk } from './journey-desk.ts'

const tags = ['journeys']
const versionCursor = z.tuple([z.int()])
const mayRead = { access: { permission: 'workspace:read' } } as const
const mayWrite = { access: { permission: 'journeys:write' } } as const

/** What journeys were, and the way back. */
export const mountArchive = (app: App, { desk, archive }: { desk: JourneyDesk; archive: JourneyArchive }): void => {
  app.get(
    '/v1/journeys/:id/versions',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'What was published when, by whom, and what each version changed; newest first',
        params: journeyParams,
        querystring: versionQuery,
        response: { 200: versionPage },
      },
    },
    (request) => {
      const { cursor, limit } = request.query
      const before = decodeCursor(versionCursor, cursor)?.[0] ?? null
      return archive.versions(principalOf(request).workspaceId, idOf(request.params), { before, limit })
    },
  )
  app.get(
    '/v1/journeys/:id/draft-changes',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'What publishing the draft would change; null before the first publish',
        params: journeyParams,
        response: { 200: journeyDraftChanges },
      },
    },
    async (request) => ({
      changes: await archive.draftChanges(principalOf(request).workspaceId, idOf(request.params)),
    }),
  )
  app.post(
    '/v1/journeys/:id/versions/:version/restore',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Make the draft what was published as a version',
        params: journeyParams.extend({ version: z.coerce.number().int().min(1) }),
        response: { 200: journey },
      },
    },
    async (request) => {
      const principal = await answerable(desk, request)
      const journeyId = idOf(request.params)
      await archive.restore(principal, journeyId, request.params.version, (draft) => refuseOthers(principal, draft))
      return desk.get(principal.workspaceId, journeyId)
    },
  )
  app.delete(
    '/v1/journeys/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Delete a journey that is not live or paused: into the trash, for thirty days',
        params: journeyParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await desk.remove(await answerable(desk, request), idOf(request.params))
      return reply.code(204).send(null)
    },
  )
  app.get(
    '/v1/trash/journeys',
    { config: mayRead, schema: { tags, summary: 'Journeys that were deleted lately', response: { 200: trashList } } },
    async (request) => ({ items: await archive.trash(principalOf(request).workspaceId) }),
  )
  app.post(
    '/v1/journeys/:id/take-back',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Take a deleted journey out of the trash, as a draft or stopped',
        params: journeyParams,
        response: { 200: journey },
      },
    },
    async (request) => {
      const principal = principalOf(request)
      const journeyId = idOf(request.params)
      await archive.takeBack(principal, journeyId, (draft) => refuseOthers(principal, draft))
      return desk.get(principal.workspaceId, journeyId)
    },
  )
}
