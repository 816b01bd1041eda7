import { type HostedForm, hostedForm } from '@baton/contract'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { z } from 'zod'
import type { Collect } from '../collect/index.ts'
import { pageAnswer, principalOf, type Routes, UserError } from '../http/index.ts'
import { crashPoint, idOf, newId, type Position, type WorkspaceId } from '../kernel/index.ts'
import type { Policy, WorkspaceSource } from '../policy/index.ts'
import type { Postgres } from '../stores/index.ts'
import { acceptedLocale } from './accepted-locale.ts'
import { enquiryAnswer, enquiryBody, enquiryEvents, type Unconfirmed, unconfirmedOf } from './enquiry-form.ts'
import { countAnswer, ensureFormAddress, findForm, readAnswers } from './form-store.ts'
import { html, publicPage } from './public-page.ts'

const slug = 'enquiry'
const title = 'Ask us'
const intro = 'Write your question; a person answers it by e-mail.'
const answersAMinute = 20

/**
 * What the form asks the messages room: to ask, by mail, whether the address in an answer is hers, once an answer; what it says
 * of her and what she ticked hold from her confirmation on.
 */
export interface AddressConfirmations {
  owe(workspaceId: WorkspaceId, submission: string, position: Position, said: Unconfirmed): Promise<void>
}

/** The hosted form: what an anonymous visitor says there makes her known, once she has confirmed her address. */
export const formsRoutes =
  (deps: {
    postgres: Postgres
    collect: Pick<Collect, 'appendEvents'>
    policy: Pick<Policy, 'settings'>
    workspaces: WorkspaceSource
    confirmations: AddressConfirmations
    publicUrl: string
  }): Routes =>
  (app) => {
    const { postgres, collect, policy, workspaces, confirmations } = deps
    const limiter = new RateLimiterMemory({ points: answersAMinute, duration: 60 })
    const addressOf = (workspaceId: WorkspaceId) =>
      ensureFormAddress(postgres, workspaceId, slug, `${slug}-${idOf<string>('form', workspaceId, slug).slice(-10)}`)

    app.get(
      '/v1/forms',
      {
        config: { access: { permission: 'workspace:read' } },
        schema: {
          tags: ['content'],
          summary: 'Hosted forms',
          response: { 200: z.object({ items: z.array(hostedForm), next: z.null() }) },
        },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const address = await addressOf(workspaceId)
        const { consentWording } = await policy.settings(workspaceId)
        const answers = await postgres.inWorkspace(workspaceId, (tx) => readAnswers(tx, workspaceId, slug))
        const form: HostedForm = {
          slug: address,
          title,
          intro,
          consentWording,
          url: `${deps.publicUrl}/f/${address}`,
          answers,
        }
        return { items: [form], next: null }
      },
    )

    const found = async (address: string) => {
      const form = await findForm(postgres, address)
      if (form) return form
      throw new UserError('not-found', 'There is no such form.', { remedy: 'Check the address.' })
    }
    const params = z.object({ slug: z.string().max(80) })
    const pages = { tags: ['customer pages'], params } as const

    app.get(
      '/f/:slug',
      {
        config: { access: { public: true }, embeddable: true },
        schema: {
          ...pages,
          summary: 'The form as a page',
          querystring: z.object({ anonymous_id: z.string().max(256).default('') }),
          response: { 200: pageAnswer },
        },
      },
      async (request, reply) => {
        const { workspaceId } = await found(request.params.slug)
        const { consentWording } = await policy.settings(workspaceId)
        const { name } = await workspaces.get(workspaceId)
        const values = { anonymous_id: request.query.anonymous_id }
        const body = enquiryBody({ intro, consentWording, submission: newId<string>(), values, problems: {} })
        return reply
          .type('text/html; charset=utf-8')
          .send(publicPage(`${title} — ${name}`, body.markup, request.cspNonce))
      },
    )

    app.post(
      '/f/:slug',
      {
        config: { access: { public: true }, errors: ['too-many-attempts'], embeddable: true },
        schema: {
          ...pages,
          summary: 'What she filled in; 400 shows the form again with what is wrong',
          consumes: ['application/x-www-form-urlencoded'],
          body: z.record(z.string(), z.string().max(10_000)),
          response: { 200: pageAnswer, 400: pageAnswer },
        },
      },
      async (request, reply) => {
        const { workspaceId } = await found(request.params.slug)
        await limiter.consume(request.ip).catch(() => {
          throw new UserError('too-many-attempts', 'Too many answers from here.', { retryAfterSeconds: 60 })
        })
        const { consentWording } = await policy.settings(workspaceId)
        const answer = enquiryAnswer.safeParse(request.body)
        const send = (status: 200 | 400, heading: string, body: string) =>
          reply
            .code(status)
            .type('text/html; charset=utf-8')
            .send(publicPage(heading, body, request.cspNonce))
        if (!answer.success) {
          const problems = Object.fromEntries(
            answer.error.issues.map(({ path, message }) => [String(path[0]), message]),
          )
          const submission = newId<string>()
          const view = { intro, consentWording, submission, values: request.body, problems }
          return send(400, title, enquiryBody(view).markup)
        }
        const thanks = html`<p role="status">Thank you. We have your question and answer it at ${answer.data.email}.</p>
<p>If we do not know yet that this address is yours, a mail of ours asks you there to confirm it. What you ticked holds once you have confirmed it.</p>`
          .markup
        if (answer.data.website !== '') return send(200, 'Sent', thanks)
        const at = await workspaces.domainNow(workspaceId)
        const locale = acceptedLocale(request.headers['accept-language'])
        const form = { slug, consentWording, at, locale }
        const events = enquiryEvents(answer.data, form)
        const position = await collect.appendEvents(workspaceId, 'live', events, { source: 'form' })
        crashPoint('content.form-appended')
        await confirmations.owe(workspaceId, answer.data.submission, position, unconfirmedOf(answer.data, form))
        await postgres.inWorkspace(workspaceId, (tx) => countAnswer(tx, workspaceId, slug))
        return send(200, 'Sent', thanks)
      },
    )
  }
