import {
  membershipChange,
  membershipChangePage,
  membershipChangeQuery,
  membershipWhy,
  segmentChange,
  segmentInput,
  segmentMember,
  segmentMemberPage,
  segmentMemberQuery,
  segmentPage,
  segmentPreview,
  segmentPreviewInput,
  segmentQuery,
  segment as segmentSchema,
  trashList,
  versionPage,
  versionQuery,
} from '@baton/contract'
import { z } from 'zod'
import { csvOf, decodeCursor, encodeCursor, isoTime, pageFrom, principalOf, type Routes } from '../http/index.ts'
import { brandAs, type PersonId, type SegmentId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import type { SegmentDesk } from './segment-desk.ts'
import { listSegments } from './segment-store.ts'

const segmentParams = z.object({ segmentId: z.uuid() })
const versionParams = segmentParams.extend({ version: z.coerce.number().int().min(1) })
const whyParams = z.object({ personId: z.uuid(), segmentId: z.uuid() })
const nameCursor = z.tuple([z.string(), z.uuid()])
const personCursor = z.tuple([z.uuid()])
const seqCursor = z.tuple([z.int()])
const mayRead = { access: { permission: 'workspace:read' } } as const
const mayWrite = { access: { permission: 'segments:write' } } as const
const mayReadPeople = { access: { permission: 'people:read' } } as const
const changesCsv = csvOf('segment-changes', membershipChange, {
  at: (row) => isoTime(row.at),
  knownAt: (row) => isoTime(row.knownAt),
  personId: (row) => row.personId,
  name: (row) => row.label,
  entered: (row) => row.entered,
  cause: (row) => row.cause,
  version: (row) => row.version,
  evidence: (row) => JSON.stringify(row.evidence),
})
const membersCsv = csvOf('segment-members', segmentMember, {
  personId: (row) => row.personId,
  name: (row) => row.label,
  email: (row) => row.email,
  since: (row) => isoTime(row.since),
  cause: (row) => row.cause,
})

export const segmentRoutes =
  ({ desk, postgres }: { desk: SegmentDesk; postgres: Postgres }): Routes =>
  (app) => {
    app.get(
      '/v1/segments',
      {
        config: mayRead,
        schema: { summary: 'Segments by name', querystring: segmentQuery, response: { 200: segmentPage } },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const { search, cursor, limit } = request.query
        const after = decodeCursor(nameCursor, cursor)
        const rows = await postgres.inWorkspace(workspaceId, (tx) =>
          listSegments(tx, workspaceId, { search, after, limit: limit + 1 }),
        )
        const last = rows[limit - 1]
        return {
          items: [...(await desk.describe(workspaceId, rows.slice(0, limit)))],
          next: rows.length > limit && last !== undefined ? encodeCursor([last.name, last.segmentId]) : null,
        }
      },
    )

    app.post(
      '/v1/segments',
      {
        config: mayWrite,
        schema: { summary: 'Save a new segment', body: segmentInput, response: { 201: segmentSchema } },
      },
      async (request, reply) => reply.code(201).send(await desk.save(principalOf(request), null, request.body)),
    )

    app.post(
      '/v1/segments/preview',
      {
        config: mayReadPeople,
        schema: {
          summary: 'Count a rule and each of its conditions before saving it',
          body: segmentPreviewInput,
          response: { 200: segmentPreview },
        },
      },
      async (request) => desk.preview(principalOf(request).workspaceId, request.body),
    )

    app.get(
      '/v1/segments/:segmentId',
      {
        config: mayRead,
        schema: { summary: 'One segment', params: segmentParams, response: { 200: segmentSchema } },
      },
      async (request) => desk.find(principalOf(request).workspaceId, brandAs<SegmentId>(request.params.segmentId)),
    )

    app.put(
      '/v1/segments/:segmentId',
      {
        config: mayWrite,
        schema: {
          summary: 'Change a segment: a new version, counted for everybody and then swapped in',
          params: segmentParams,
          body: segmentChange,
          response: { 200: segmentSchema },
        },
      },
      async (request) => desk.save(principalOf(request), brandAs<SegmentId>(request.params.segmentId), request.body),
    )

    app.get(
      '/v1/segments/:segmentId/versions',
      {
        config: mayRead,
        schema: {
          summary: 'What it was when, by whom, and what each version changed; newest first',
          params: segmentParams,
          querystring: versionQuery,
          response: { 200: versionPage },
        },
      },
      (request) => {
        const { cursor, limit } = request.query
        const before = decodeCursor(seqCursor, cursor)?.[0] ?? null
        const segmentId = brandAs<SegmentId>(request.params.segmentId)
        return desk.versions(principalOf(request).workspaceId, segmentId, { before, limit })
      },
    )

    app.post(
      '/v1/segments/:segmentId/versions/:version/restore',
      {
        config: mayWrite,
        schema: {
          summary: 'Make it what it was in a version; saved as a new one',
          params: versionParams,
          response: { 200: segmentSchema },
        },
      },
      (request) => {
        const { segmentId, version } = request.params
        return desk.restore(principalOf(request), brandAs<SegmentId>(segmentId), version)
      },
    )

    app.delete(
      '/v1/segments/:segmentId',
      {
        config: mayWrite,
        schema: {
          summary: 'Delete a segment that nothing asks for: into the trash, for thirty days; its history stays',
          params: segmentParams,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await desk.remove(principalOf(request), brandAs<SegmentId>(request.params.segmentId))
        return reply.code(204).send(null)
      },
    )

    app.get(
      '/v1/trash/segments',
      { config: mayRead, schema: { summary: 'Segments that were deleted lately', response: { 200: trashList } } },
      async (request) => ({ items: await desk.trash(principalOf(request).workspaceId) }),
    )

    app.post(
      '/v1/segments/:segmentId/take-back',
      {
        config: mayWrite,
        schema: {
          summary: 'Take a deleted segment out of the trash; it is counted anew',
          params: segmentParams,
          response: { 200: segmentSchema },
        },
      },
      (request) => desk.takeBack(principalOf(request), brandAs<SegmentId>(request.params.segmentId)),
    )

    app.get(
      '/v1/segments/:segmentId/members',
      {
        config: { ...mayReadPeople, csv: membersCsv },
        schema: {
          summary: 'People in a segment',
          params: segmentParams,
          querystring: segmentMemberQuery,
          response: { 200: segmentMemberPage },
        },
      },
      async (request) => {
        const { cursor, limit } = request.query
        const after = decodeCursor(personCursor, cursor)
        const rows = await desk.members(
          principalOf(request).workspaceId,
          brandAs<SegmentId>(request.params.segmentId),
          { after: after === null ? null : brandAs<PersonId>(after[0]), limit: limit + 1 },
        )
        return pageFrom(
          rows,
          limit,
          ({ personId }) => [personId],
          (row) => row,
        )
      },
    )

    app.get(
      '/v1/segments/:segmentId/changes',
      {
        config: { ...mayReadPeople, csv: changesCsv },
        schema: {
          summary: 'Who came in and who left, newest first, with the cause',
          params: segmentParams,
          querystring: membershipChangeQuery,
          response: { 200: membershipChangePage },
        },
      },
      async (request) => {
        const { cursor, limit, from, to } = request.query
        const before = decodeCursor(seqCursor, cursor)?.[0] ?? null
        const segmentId = brandAs<SegmentId>(request.params.segmentId)
        const rows = await desk.changes(
          principalOf(request).workspaceId,
          { segmentId, from, to },
          { before, limit: limit + 1 },
        )
        return pageFrom(
          rows,
          limit,
          ({ seq }) => [Number(seq)],
          (row) => row,
        )
      },
    )

    app.get(
      '/v1/people/:personId/segments/:segmentId/why',
      {
        config: mayReadPeople,
        schema: {
          summary: 'Why somebody is in a segment or not: each condition with what was seen',
          params: whyParams,
          response: { 200: membershipWhy },
        },
      },
      async (request) =>
        desk.why(
          principalOf(request).workspaceId,
          brandAs<PersonId>(request.params.personId),
          brandAs<SegmentId>(request.params.segmentId),
        ),
    )
  }
