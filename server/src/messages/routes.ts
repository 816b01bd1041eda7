import {
  messageBalance,
  messageDetail,
  messageQuery,
  messageReasonCount,
  messageReasonsQuery,
  messageSummary,
  page,
} from '@baton/contract'
import { z } from 'zod'
import { decodeCursor, pageAnswer, pageFrom, principalOf, type Routes, sendSandboxedHtml } from '../http/index.ts'
import { brandAs, type MessageId, type PersonId } from '../kernel/index.ts'
import type { People } from '../people/index.ts'
import type { Postgres } from '../stores/index.ts'
import { countReasons, listMessages } from './message-list-store.ts'
import type { Messages } from './messages.ts'
import { messagesCsv } from './messages-file.ts'

const tags = ['messages']
const cursorShape = z.tuple([z.number(), z.uuid()])

export const messagesRoutes =
  ({ messages, postgres, people }: { messages: Messages; postgres: Postgres; people: Pick<People, 'get'> }): Routes =>
  (app) => {
    const access = { permission: 'people:read' } as const
    app.get(
      '/v1/messages',
      {
        config: { access, csv: messagesCsv },
        schema: {
          tags,
          summary: 'The send ledger, newest first',
          querystring: messageQuery,
          response: { 200: page(messageSummary) },
        },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const { cursor, limit, personId, ...filters } = request.query
        const before = decodeCursor(cursorShape, cursor)
        const asked = personId === undefined ? null : brandAs<PersonId>(personId)
        const subjects = asked && ((await people.get(workspaceId, [asked])).get(asked)?.subjects ?? [])
        const rows = await postgres.inWorkspace(workspaceId, (tx) =>
          listMessages(tx, workspaceId, { ...filters, limit, before, subjects }),
        )
        return pageFrom(
          rows,
          limit,
          (row) => [row.plannedAt, row.messageId],
          (row) => row,
        )
      },
    )
    app.get(
      '/v1/messages/balance',
      {
        config: { access: { permission: 'workspace:read' } },
        schema: { tags, summary: 'Does the ledger balance?', response: { 200: messageBalance } },
      },
      (request) => messages.balance(principalOf(request).workspaceId),
    )
    app.get(
      '/v1/messages/reasons',
      {
        config: { access: { permission: 'workspace:read' } },
        schema: {
          tags,
          summary: 'Why messages were held, dropped or not taken, in a time',
          querystring: messageReasonsQuery,
          response: { 200: z.object({ items: z.array(messageReasonCount), next: z.null() }) },
        },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const { from = 0, to = Number.MAX_SAFE_INTEGER } = request.query
        const rows = await postgres.inWorkspace(workspaceId, (tx) => countReasons(tx, workspaceId, from, to))
        return { items: [...rows], next: null }
      },
    )
    app.get(
      '/v1/messages/:id',
      {
        config: { access },
        schema: {
          tags,
          summary: 'One message: every decision and change, what came back, what it said',
          params: z.object({ id: z.uuid() }),
          response: { 200: messageDetail },
        },
      },
      (request) => messages.detail(principalOf(request).workspaceId, brandAs<MessageId>(request.params.id)),
    )
    app.get(
      '/v1/messages/:id/html',
      {
        config: { access },
        schema: {
          tags,
          summary: 'What it said, as a page for an <iframe sandbox>; untracked, so that looking at it is no open',
          params: z.object({ id: z.uuid() }),
          response: { 200: pageAnswer },
        },
      },
      async (request, reply) => {
        const { workspaceId } = principalOf(request)
        const { html } = await messages.detail(workspaceId, brandAs<MessageId>(request.params.id))
        return sendSandboxedHtml(reply, html ?? '')
      },
    )
  }
