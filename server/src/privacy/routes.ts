import { Readable } from 'node:stream'
import { erasure, erasures as erasurePage, erasureQuery } from '@baton/contract'
import { z } from 'zod'
import { decodeCursor, pageFrom, principalOf, type Routes } from '../http/index.ts'
import { brandAs, type PersonId } from '../kernel/index.ts'
import type { Erasures } from './erasures.ts'
import { type ExportDeps, exportPerson } from './export-person.ts'

const listCursor = z.tuple([z.int(), z.uuid()])
const personParams = z.object({ personId: z.uuid() })

const exportShape =
  'One object: exportedAt, person, value, allows, orders, events, messages, journeys, history (the schema personExport of the contract); written as it is read.'

export const privacyRoutes =
  ({ erasures, ...exporting }: ExportDeps & { readonly erasures: Erasures }): Routes =>
  (app) => {
    app.get(
      '/v1/people/:personId/export',
      {
        config: { access: { permission: 'personal-data:export' } },
        schema: {
          tags: ['privacy'],
          summary: 'Everything known about a person, as one JSON document to hand to her',
          params: personParams,
          response: { 200: z.unknown().describe(exportShape) },
        },
      },
      async (request, reply) => {
        const { workspaceId, actor } = principalOf(request)
        const { personId } = request.params
        const pieces = await exportPerson(exporting, workspaceId, brandAs<PersonId>(personId), actor)
        reply
          .type('application/json; charset=utf-8')
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="person-${personId}.json"`)
        return reply.send(Readable.from(pieces))
      },
    )

    app.post(
      '/v1/people/:personId/erasure',
      {
        config: { access: { permission: 'personal-data:export' } },
        schema: {
          tags: ['privacy'],
          summary:
            'Erase a person. Nothing is handed over to her from the answer on; the rest is done in the background',
          params: personParams,
          response: { 202: erasure },
        },
      },
      async (request, reply) => {
        const { workspaceId, actor } = principalOf(request)
        const personId = brandAs<PersonId>(request.params.personId)
        return reply.code(202).send(await erasures.request(workspaceId, personId, actor))
      },
    )

    app.get(
      '/v1/erasures',
      {
        config: { access: { permission: 'people:read' } },
        schema: {
          tags: ['privacy'],
          summary: 'Erasures and how far each has come, newest first; or the one of whoever had an id',
          querystring: erasureQuery,
          response: { 200: erasurePage },
        },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const { cursor, limit, personId } = request.query
        if (personId !== undefined) {
          const found = await erasures.ofPerson(workspaceId, brandAs<PersonId>(personId))
          return { items: found === null ? [] : [found], next: null }
        }
        const rows = await erasures.list(workspaceId, { before: decodeCursor(listCursor, cursor), limit: limit + 1 })
        return pageFrom(
          rows,
          limit,
          (row) => [row.requestedAt, row.erasureId],
          (row) => row,
        )
      },
    )

    app.get(
      '/v1/erasures/:erasureId',
      {
        config: { access: { permission: 'people:read' } },
        schema: {
          tags: ['privacy'],
          summary: 'How far one erasure has come, and what remains',
          params: z.object({ erasureId: z.uuid() }),
          response: { 200: erasure },
        },
      },
      (request) => erasures.get(principalOf(request).workspaceId, request.params.erasureId),
    )
  }
