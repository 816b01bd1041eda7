import { createHash } from 'node:crypto'
import { inboundAnswer, mailboxReply, templateTestAnswer, templateTestRequest } from '@baton/contract'
import { z } from 'zod'
import { type Channels, composeMail, domainOf, markReplied, readMail } from '../channels/index.ts'
import type { Content } from '../content/index.ts'
import { may, notFound, principalOf, type Routes, UserError } from '../http/index.ts'
import { brandAs, type MessageId, newId, type PersonId, type TemplateId, type WorkspaceId } from '../kernel/index.ts'
import type { People } from '../people/index.ts'
import { isMailAddress, type Policy, type WorkspaceSource } from '../policy/index.ts'
import type { Postgres } from '../stores/index.ts'
import { readMessages } from './ledger-store.ts'
import type { MessageRow } from './message-row.ts'
import type { Messages } from './messages.ts'
import { type Inbound, readInbound } from './read-inbound.ts'

const largestMailBytes = 10_000_000
const params = z.object({ id: z.uuid() })

/** What comes in: mail from the mail server, answers written in the local mailbox; and test mails. */
export const inboundRoutes =
  (deps: {
    messages: Messages
    postgres: Postgres
    policy: Policy
    people: Pick<People, 'get'>
    workspaces: WorkspaceSource
    channels: Pick<Channels, 'testCarrierOf'>
    content: Content
  }): Routes =>
  (app) => {
    const { messages, postgres, policy, people, workspaces, channels, content } = deps
    for (const type of ['message/rfc822', 'application/octet-stream', 'text/plain'])
      app.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: largestMailBytes }, (_request, body, done) =>
        done(null, body),
      )

    const reply = async (workspaceId: WorkspaceId, message: MessageRow, text: string, mailId: string) => {
      const at = await workspaces.domainNow(workspaceId)
      const suffix = createHash('sha256').update(mailId).digest('hex').slice(0, 16)
      await messages.feedback.report(workspaceId, message, { kind: 'reply', suffix, at, properties: { text } })
    }

    const take = async (workspaceId: WorkspaceId, inbound: Inbound) => {
      const ids = inbound.messageIds.map((id) => brandAs<MessageId>(id))
      const found = await postgres.inWorkspace(workspaceId, (tx) => readMessages(tx, workspaceId, ids))
      const message = ids.flatMap((id) => found.find(({ messageId }) => messageId === id) ?? [])[0]
      if (!message) return { kind: 'unmatched' as const, messageId: null }
      const answer = { kind: inbound.kind, messageId: message.messageId }
      if (inbound.kind === 'auto-reply') return answer
      if (inbound.kind === 'reply') {
        await reply(workspaceId, message, inbound.text, inbound.mailId)
        return answer
      }
      const at = await workspaces.domainNow(workspaceId)
      const { subjectId, address } = message
      if (inbound.kind === 'complaint') {
        const why = { reason: 'complained', address: null, detail: 'Reported as spam', at } as const
        await messages.feedback.report(workspaceId, message, { kind: 'complaint', at, properties: {} }, (tx) =>
          policy.suppress(tx, workspaceId, subjectId, why),
        )
        return answer
      }
      const detail = `${inbound.bounce?.status ?? ''} ${inbound.bounce?.detail ?? ''}`.trim()
      const isHard = inbound.bounce?.isHard === true
      const properties = {
        bounce_type: isHard ? 'hard' : 'soft',
        detail,
        ...(address === null ? {} : { email: address }),
      }
      await messages.feedback.report(
        workspaceId,
        message,
        { kind: 'bounce', suffix: isHard ? 'hard' : 'soft', at, properties },
        async (tx) => {
          if (isHard) await policy.suppress(tx, workspaceId, subjectId, { reason: 'bounced', address, detail, at })
        },
      )
      return answer
    }

    app.post(
      '/v1/inbound/email',
      {
        bodyLimit: largestMailBytes,
        config: { access: { permission: 'people:write' } },
        schema: {
          tags: ['channels'],
          summary: 'A received mail, raw (RFC 5322): a reply, an automatic answer, a bounce or a complaint',
          consumes: ['message/rfc822'],
          response: { 200: inboundAnswer },
        },
      },
      async (request) => {
        if (!Buffer.isBuffer(request.body) || request.body.length === 0)
          throw new UserError('unsupported-media-type', 'The body is not a mail.', {
            remedy: 'Send the raw bytes of the mail with content type message/rfc822.',
          })
        return take(principalOf(request).workspaceId, await readInbound(request.body))
      },
    )

    app.post(
      '/v1/mailbox/:id/reply',
      {
        config: { access: { permission: 'people:write' } },
        schema: {
          tags: ['channels'],
          summary: 'Answer a mail of the local mailbox as its recipient',
          params,
          body: mailboxReply,
          response: { 200: inboundAnswer },
        },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const { id } = request.params
        const mail = await postgres.inWorkspace(workspaceId, (tx) => readMail(tx, workspaceId, id))
        if (!mail) throw notFound('mail')
        const ids = mail.messageId === null ? [] : [brandAs<MessageId>(mail.messageId)]
        const [message] = await postgres.inWorkspace(workspaceId, (tx) => readMessages(tx, workspaceId, ids))
        if (!message) return { kind: 'unmatched' as const, messageId: null }
        await reply(workspaceId, message, request.body.text, newId<string>())
        const at = await workspaces.domainNow(workspaceId)
        await postgres.inWorkspace(workspaceId, (tx) => markReplied(tx, workspaceId, id, at))
        return { kind: 'reply' as const, messageId: message.messageId }
      },
    )

    app.post(
      '/v1/templates/:id/test',
      {
        config: { access: { permission: 'content:write' } },
        schema: {
          tags: ['content'],
          summary: 'Send a test of a template',
          params,
          body: templateTestRequest,
          response: { 200: templateTestAnswer },
        },
      },
      async (request) => {
        const principal = principalOf(request)
        const { workspaceId } = principal
        const { to, personId } = request.body
        if (personId !== undefined && !may(principal, 'people:read'))
          throw new UserError('forbidden', `The role "${principal.role}" may not see this person.`, {
            remedy: 'Leave personId out: the test is then made with sample data.',
            details: { permission: 'people:read' },
          })
        if (!isMailAddress(to))
          throw new UserError('invalid-input', 'That address can’t be mailed to.', {
            remedy: 'Give a plain address like ada@example.com.',
          })
        const asked = personId === undefined ? null : brandAs<PersonId>(personId)
        const person =
          asked === null ? { firstName: 'Ada', email: to } : (await people.get(workspaceId, [asked])).get(asked)?.traits
        if (!person) throw notFound('person')
        const data = { person, event: {}, links: { unsubscribe: '#', preferences: '#', confirm: '#' } }
        const preview = await content.preview(workspaceId, brandAs<TemplateId>(request.params.id), data)
        if (preview.html === '')
          throw new UserError('invalid-input', preview.errors[0]?.message ?? 'The template can’t be rendered.', {
            details: preview.errors,
          })
        const carrier = await channels.testCarrierOf(workspaceId)
        const messageId = newId<MessageId>()
        const at = await workspaces.domainNow(workspaceId)
        const parts = {
          from: carrier.from,
          to: { name: '', address: to },
          subject: `[Test] ${preview.subject}`,
          html: preview.html,
          text: preview.text,
        }
        const headers = { 'Auto-Submitted': 'auto-generated' }
        const raw = await composeMail({
          ...parts,
          mailId: `${messageId}@${domainOf(carrier.from)}`,
          date: new Date(at),
          headers,
          dkim: carrier.dkim,
        })
        const outcome = await carrier.handOver(
          { ...parts, workspaceId, messageId, personId: asked, raw, at },
          AbortSignal.timeout(60_000),
        )
        return { outcome: outcome.kind, detail: outcome.detail }
      },
    )
  }
