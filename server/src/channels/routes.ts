import {
  emailChannel,
  emailChannelChange,
  emailChannelTest,
  emailChannelTestAnswer,
  mailboxDetail,
  mailboxItem,
  mailboxQuery,
  page,
} from '@baton/contract'
import { simpleParser } from 'mailparser'
import { z } from 'zod'
import {
  decodeCursor,
  notFound,
  pageAnswer,
  pageFrom,
  principalOf,
  type Routes,
  sendSandboxedHtml,
} from '../http/index.ts'
import type { Postgres } from '../stores/index.ts'
import type { Channels } from './channels.ts'
import { listMail, readMail } from './mailbox-store.ts'

const cursorShape = z.tuple([z.number(), z.uuid()])

export const channelsRoutes =
  ({ channels, postgres }: { channels: Channels; postgres: Postgres }): Routes =>
  (app) => {
    const tags = ['channels']
    app.get(
      '/v1/channels/email',
      {
        config: { access: { permission: 'workspace:read' } },
        schema: { tags, summary: 'How mail leaves', response: { 200: emailChannel } },
      },
      (request) => channels.email(principalOf(request).workspaceId),
    )
    app.put(
      '/v1/channels/email',
      {
        config: { access: { permission: 'channels:write' } },
        schema: {
          tags,
          summary: 'Set the SMTP server, or go back to the mailbox',
          body: emailChannelChange,
          response: { 200: emailChannel },
        },
      },
      (request) => {
        const { workspaceId, actor } = principalOf(request)
        return channels.changeEmail(workspaceId, request.body, actor)
      },
    )
    app.post(
      '/v1/channels/email/test',
      {
        config: { access: { permission: 'channels:write' } },
        schema: {
          tags,
          summary: 'Send a test mail',
          body: emailChannelTest,
          response: { 200: emailChannelTestAnswer },
        },
      },
      (request) => channels.testEmail(principalOf(request).workspaceId, request.body.to),
    )
    app.get(
      '/v1/mailbox',
      {
        config: { access: { permission: 'people:read' } },
        schema: {
          tags,
          summary: 'Mail that stayed in the house, newest first',
          querystring: mailboxQuery,
          response: { 200: page(mailboxItem) },
        },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const { cursor, limit, search } = request.query
        const before = decodeCursor(cursorShape, cursor)
        const rows = await postgres.inWorkspace(workspaceId, (tx) =>
          listMail(tx, workspaceId, { before, limit, search: search ?? null }),
        )
        return pageFrom(
          rows,
          limit,
          (row) => [row.at, row.mailId],
          ({ text, ...row }) => ({ ...row, preview: firstLine(text) }),
        )
      },
    )
    app.get(
      '/v1/mailbox/:id',
      {
        config: { access: { permission: 'people:read' } },
        schema: { tags, summary: 'One mail', params: z.object({ id: z.uuid() }), response: { 200: mailboxDetail } },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const row = await postgres.inWorkspace(workspaceId, (tx) => readMail(tx, workspaceId, request.params.id))
        if (!row) throw notFound('mail')
        const { raw, ...mail } = row
        const { headerLines } = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true })
        const headers = headerLines.map(({ line }) => {
          const at = line.indexOf(':')
          return {
            name: line.slice(0, at),
            value: line
              .slice(at + 1)
              .replace(/\s+/g, ' ')
              .trim(),
          }
        })
        return { ...mail, preview: firstLine(mail.text), headers }
      },
    )
    app.get(
      '/v1/mailbox/:id/html',
      {
        config: { access: { permission: 'people:read' } },
        schema: {
          tags,
          summary: 'One mail as a page for an <iframe sandbox>; its pixel loads, as in any mailbox',
          params: z.object({ id: z.uuid() }),
          response: { 200: pageAnswer },
        },
      },
      async (request, reply) => {
        const { workspaceId } = principalOf(request)
        const row = await postgres.inWorkspace(workspaceId, (tx) => readMail(tx, workspaceId, request.params.id))
        if (!row) throw notFound('mail')
        return sendSandboxedHtml(reply, row.html)
      },
    )
  }

const firstLine = (text: string): string =>
  (text.split('\n').find((line) => line.trim() !== '') ?? '').trim().slice(0, 140)
