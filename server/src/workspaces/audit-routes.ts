import { auditEntry, auditPage, auditQuery } from '@baton/contract'
import { z } from 'zod'
import { type App, csvOf, decodeCursor, isoTime, pageFrom, principalOf } from '../http/index.ts'
import { namesOfActors } from './actor-names.ts'
import { type AuditRow, listAudit } from './audit-store.ts'
import type { WorkspaceRouteDeps } from './routes.ts'

const auditCursor = z.tuple([z.int(), z.uuid()])
const auditCsv = csvOf(
  'audit',
  auditEntry,
  {
    at: (row) => isoTime(row.at),
    actor: (row) => row.actor,
    actorName: (row) => row.actorName,
    action: (row) => row.action,
    object: (row) => row.object,
    detail: (row) => JSON.stringify(row.detail),
  },
  'audit:read',
)

/** Who changed what, newest first. */
export const auditRoutes = (app: App, { postgres }: WorkspaceRouteDeps): void => {
  app.route({
    method: 'GET',
    url: '/v1/audit',
    config: { access: { permission: 'audit:read' }, csv: auditCsv },
    schema: {
      summary: 'Every change, by whom, newest first',
      tags: ['workspace'],
      querystring: auditQuery,
      response: { 200: auditPage },
    },
    handler: async (request) => {
      const { workspaceId } = principalOf(request)
      const { cursor, limit, object = null } = request.query
      const after = decodeCursor(auditCursor, cursor)
      return postgres.inWorkspace(workspaceId, async (tx) => {
        const rows = await listAudit(tx, workspaceId, { after, object, limit })
        const names = await namesOfActors(
          tx,
          rows.map((row) => row.actor),
        )
        return pageFrom(
          rows,
          limit,
          (row) => [Number(row.at), row.audit_id],
          (row) => toEntry(row, names),
        )
      })
    },
  })
}

const toEntry = (row: AuditRow, names: ReadonlyMap<string, string>) => ({
  auditId: row.audit_id,
  at: Number(row.at),
  actor: row.actor,
  actorName: names.get(row.actor) ?? row.actor,
  action: row.action,
  object: row.object,
  detail: row.detail,
})
