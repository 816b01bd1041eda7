import { Readable } from 'node:stream'
import {
  createImportQuery,
  importCreated,
  importJob,
  importJobs,
  importRejections,
  importRejectionsQuery,
  orderImportMapping,
  pageQuery,
} from '@baton/contract'
import { z } from 'zod'
import { decodeCursor, notFound, pageFrom, principalOf, type Routes, UserError } from '../../http/index.ts'
import type { Postgres } from '../../stores/index.ts'
import { countRejections, findImport, listImports, listRejections } from './import-store.ts'
import { describeImport, type Imports } from './imports.ts'
import { describeRejection } from './rejection-reasons.ts'

const params = z.object({ id: z.uuid() })
const jobKey = z.tuple([z.int(), z.uuid()])
const lineKey = z.tuple([z.int()])

/** Files of orders: send, watch, read what was rejected, stop. */
export const importRoutes =
  ({ imports, postgres }: { readonly imports: Imports; readonly postgres: Postgres }): Routes =>
  (app) => {
    // The file streams through; it is never parsed, or held, whole.
    app.addContentTypeParser(['text/csv', 'text/plain', 'application/octet-stream'], (_request, payload, done) =>
      done(null, payload),
    )

    app.post(
      '/v1/imports',
      {
        config: { access: { permission: 'people:write' } },
        schema: {
          tags: ['imports'],
          summary: 'Import a file of orders; the body is the file itself as text/csv',
          consumes: ['text/csv'],
          querystring: createImportQuery,
          response: { 202: importCreated },
        },
      },
      async (request, reply) => {
        const { workspaceId, actor } = principalOf(request)
        const mapping = readMapping(request.query.mapping)
        if (!(request.body instanceof Readable))
          throw new UserError('unsupported-media-type', 'The body must be the file itself.', {
            remedy: 'Send it with "Content-Type: text/csv".',
          })
        const fileName = request.query.fileName ?? null
        const importId = await imports.receive({ workspaceId, actor, fileName, mapping }, request.body)
        return reply.code(202).send({ importId })
      },
    )
    app.get(
      '/v1/imports',
      {
        config: { access: { permission: 'people:read' } },
        schema: {
          tags: ['imports'],
          summary: 'Imports, newest first',
          querystring: pageQuery,
          response: { 200: importJobs },
        },
      },
      (request) => {
        const { workspaceId } = principalOf(request)
        const { cursor, limit } = request.query
        return postgres.inWorkspace(workspaceId, async (tx) => {
          const rows = await listImports(tx, workspaceId, { after: decodeCursor(jobKey, cursor), limit })
          const reasons = await countRejections(
            tx,
            workspaceId,
            rows.map((row) => row.importId),
          )
          return pageFrom(
            rows,
            limit,
            (row) => [row.createdAt, row.importId],
            (row) => describeImport(row, reasons.get(row.importId)),
          )
        })
      },
    )
    app.get(
      '/v1/imports/:id',
      {
        config: { access: { permission: 'people:read' } },
        schema: { tags: ['imports'], summary: 'How far an import is', params, response: { 200: importJob } },
      },
      (request) => imports.get(principalOf(request).workspaceId, request.params.id),
    )
    app.get(
      '/v1/imports/:id/rejections',
      {
        config: { access: { permission: 'people:read' } },
        schema: {
          tags: ['imports'],
          summary: 'Every row that could not be taken, with its line, why and what to do',
          params,
          querystring: importRejectionsQuery,
          response: { 200: importRejections },
        },
      },
      (request) => {
        const { workspaceId } = principalOf(request)
        const { cursor, limit } = request.query
        const importId = request.params.id
        const [after] = decodeCursor(lineKey, cursor) ?? [0]
        return postgres.inWorkspace(workspaceId, async (tx) => {
          if (!(await findImport(tx, workspaceId, importId))) throw notFound('import')
          return pageFrom(
            await listRejections(tx, workspaceId, { importId, after, limit }),
            limit,
            (row) => [row.line],
            (row) => ({ line: row.line, text: row.text, ...describeRejection(row.reason) }),
          )
        })
      },
    )
    app.post(
      '/v1/imports/:id/stop',
      {
        config: { access: { permission: 'people:write' } },
        schema: {
          tags: ['imports'],
          summary: 'Stop an import; what stands in the log stays',
          params,
          response: { 200: importJob },
        },
      },
      (request) => imports.stop(principalOf(request), request.params.id),
    )
  }

const readMapping = (text: string) => {
  let written: unknown
  try {
    written = JSON.parse(text)
  } catch {
    throw new UserError('invalid-input', 'The mapping is not JSON.', {
      remedy:
        'Send ?mapping= with JSON like {"order":"InvoiceNo","customer":"CustomerID","date":"Date","amount":"Total"}.',
    })
  }
  const read = orderImportMapping.safeParse(written)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new UserError('invalid-input', `The mapping: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(), {
    remedy: 'Name the columns of the file: date, customer or email, amount or quantity and price.',
    details: read.error.issues,
  })
}
