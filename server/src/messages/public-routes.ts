import { createHash } from 'node:crypto'
import type { PersonPolicyChange } from '@baton/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { JsonObject } from '../collect/index.ts'
import { html, type Markup, publicPage, type Unconfirmed, unconfirmed } from '../content/index.ts'
import { pageAnswer, type Routes } from '../http/index.ts'
import { brandAs, type PersonId, RetryableError } from '../kernel/index.ts'
import type { People, PersonFacts } from '../people/index.ts'
import { mailAddressOf, type Policy, type WorkspaceSource } from '../policy/index.ts'
import type { Postgres } from '../stores/index.ts'
import { confirmBody, confirmedBody, onlyAddress, otherAddressBody, tooLateBody } from './confirm-page.ts'
import { confirmableUntil } from './confirmations.ts'
import type { Feedback } from './feedback.ts'
import { readMessages } from './ledger-store.ts'
import type { LinkKind, SignedLink } from './links.ts'
import { readDecisions } from './message-list-store.ts'
import { asksToConfirm, type MessageRow } from './message-row.ts'
import type { Messages } from './messages.ts'
import { preferenceBody, readPreferences, unsubscribeBody } from './preference-page.ts'
import { wireUrl } from './track-links.ts'

/** 1 × 1, transparent. */
const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/**
 * What links in mails lead to. GET shows and changes nothing, because scanners follow links; POST acts (RFC 8058), and
 * its answer comes after the lock that hand-overs take, so that it holds from then on.
 */
export const publicRoutes =
  (deps: {
    messages: Messages
    postgres: Postgres
    policy: Policy
    people: Pick<People, 'personsOf' | 'get'>
    workspaces: WorkspaceSource
  }): Routes =>
  (app) => {
    const { messages, postgres, policy, people, workspaces } = deps
    // RFC 8058 lets the one-click request be multipart; its only field is fixed, so the body need not be read.
    app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer', bodyLimit: 10_000 }, (_request, _body, done) =>
      done(null, {}),
    )

    const config = { access: { public: true } } as const
    const schema = {
      tags: ['customer pages'],
      params: z.object({ token: z.string().max(500) }),
      response: { 200: pageAnswer, 404: pageAnswer, 410: pageAnswer },
    } as const
    const form = {
      ...schema,
      consumes: ['application/x-www-form-urlencoded', 'multipart/form-data', 'application/json'],
      body: z.record(z.string(), z.union([z.string(), z.array(z.string())])).nullish(),
    }
    const shown = (summary: string) => ({ config, schema: { ...schema, summary } })
    const acted = (summary: string) => ({ config, schema: { ...form, summary } })

    const send = (request: FastifyRequest, reply: FastifyReply, status: number, title: string, body: string) =>
      reply
        .code(status)
        .header('cache-control', 'no-store')
        .header('referrer-policy', 'no-referrer')
        .type('text/html; charset=utf-8')
        .send(publicPage(title, body, request.cspNonce))
    const gone = (request: FastifyRequest, reply: FastifyReply) =>
      send(
        request,
        reply,
        404,
        'This link leads nowhere',
        html`<p>It is incomplete, or belongs to a test, to a message that was removed, or to somebody whose data was erased.</p>`
          .markup,
      )

    const open = async (kind: LinkKind, token: string) => {
      const link = messages.links.read(kind, token)
      if (!link) return null
      const { workspaceId, messageId } = link
      const [message] = await postgres.inWorkspace(workspaceId, (tx) => readMessages(tx, workspaceId, [messageId]))
      if (!message) return null
      const mayBeErased = kind === 'click' || kind === 'open'
      const isSomebodys = mayBeErased || (await people.personsOf(workspaceId, [message.subjectId])).size > 0
      return isSomebodys ? { ...link, message } : null
    }
    type Opened = SignedLink & { readonly message: MessageRow }

    const topicTitle = async ({ workspaceId, message }: Opened) => {
      const { topics } = await policy.settings(workspaceId)
      return topics.find(({ topic }) => topic === message.topic)?.title ?? message.topic
    }
    /** She left: what she wants from now on holds together with its event. */
    const leave = async (
      { workspaceId, message }: Opened,
      change: Pick<PersonPolicyChange, 'preferences' | 'topics'>,
      properties: Record<string, string>,
    ) => {
      const at = await workspaces.domainNow(workspaceId)
      await messages.feedback.report(
        workspaceId,
        message,
        { kind: 'unsubscribe', suffix: properties.topic ?? 'all', at, properties },
        (tx) => policy.changeSubject(tx, workspaceId, message.subjectId, { ...change, at }),
      )
    }

    app.get('/u/:token', shown('What leaving would mean; changes nothing'), async (request, reply) => {
      const opened = await open('unsubscribe', request.params.token)
      if (!opened) return gone(request, reply)
      const preferencesPath = new URL(messages.links.of('preferences', { ...opened, url: '' })).pathname
      return send(
        request,
        reply,
        200,
        'Unsubscribe',
        unsubscribeBody({ topicTitle: await topicTitle(opened), preferencesPath }).markup,
      )
    })

    app.post('/u/:token', acted('Leave: at one click (RFC 8058), or this topic only'), async (request, reply) => {
      const opened = await open('unsubscribe', request.params.token)
      if (!opened) return gone(request, reply)
      const { message } = opened
      const onlyTopic = request.body?.scope === 'topic'
      const isService = message.purpose === 'serve'
      const change = {
        preferences: onlyTopic ? {} : { unsubscribedAll: true },
        // Service goes on after leaving all: who leaves from a service message leaves its topic, too.
        topics: { off: onlyTopic || isService ? [message.topic] : [], on: [] },
      }
      await leave(opened, change, onlyTopic ? { topic: message.topic } : {})
      return send(
        request,
        reply,
        200,
        'Done',
        html`<p role="status">You are unsubscribed. It holds from now on.</p>`.markup,
      )
    })

    const preferencesOf = async ({ workspaceId, message }: Opened) =>
      (await policy.ofPerson(workspaceId, await personOf(workspaceId, message))).preferences
    const personOf = async (workspaceId: Opened['workspaceId'], message: MessageRow): Promise<PersonId> =>
      (await people.personsOf(workspaceId, [message.subjectId])).get(message.subjectId) ?? nobody
    const showPreferences = async (opened: Opened, isSaved: boolean) => {
      const { workspaceId, message } = opened
      const { topics } = await policy.settings(workspaceId)
      const decisions = await postgres.inWorkspace(workspaceId, (tx) =>
        readDecisions(tx, workspaceId, message.messageId),
      )
      const last = decisions.findLast(({ outcome }) => outcome === 'send') ?? decisions.at(-1)
      return preferenceBody({
        address: message.address,
        topics,
        preferences: await preferencesOf(opened),
        why: [`“${message.title ?? 'This message'}”: ${last?.customerSentence ?? 'it was sent to you once.'}`],
        now: await workspaces.domainNow(workspaceId),
        isSaved,
      }).markup
    }

    app.get('/p/:token', shown('What she gets, and why'), async (request, reply) => {
      const opened = await open('preferences', request.params.token)
      if (!opened) return gone(request, reply)
      return send(request, reply, 200, 'What you get from us', await showPreferences(opened, false))
    })

    app.post('/p/:token', acted('What she wants to get'), async (request, reply) => {
      const opened = await open('preferences', request.params.token)
      if (!opened) return gone(request, reply)
      const { workspaceId, message } = opened
      const { topics } = await policy.settings(workspaceId)
      const before = await preferencesOf(opened)
      const at = await workspaces.domainNow(workspaceId)
      const change = readPreferences(request.body ?? {}, { preferences: before, topics }, at)
      if (change.preferences?.unsubscribedAll === true && !before.unsubscribedAll) await leave(opened, change, {})
      else
        await postgres.inWorkspace(workspaceId, (tx) =>
          policy.changeSubject(tx, workspaceId, message.subjectId, { ...change, at }),
        )
      return send(request, reply, 200, 'What you get from us', await showPreferences(opened, true))
    })

    /** The address a confirmation is about, or why it can't be confirmed any more; null: there is nobody to confirm it. */
    const confirmable = async ({ workspaceId, message }: Opened): Promise<Confirmable | null> => {
      const { address } = message
      const personId = await personOf(workspaceId, message)
      const person = (await people.get(workspaceId, [personId])).get(personId)
      if (address === null || person === undefined) return null
      if ((await workspaces.domainNow(workspaceId)) >= confirmableUntil(message))
        return { kind: 'refused', because: tooLateBody }
      if (mailAddressOf(person)?.toLowerCase() !== address.toLowerCase())
        return { kind: 'refused', because: otherAddressBody }
      return { kind: 'open', address, person, said: saidWith(message) }
    }

    app.get('/v/:token', shown('Is this your address? Changes nothing'), async (request, reply) => {
      const opened = await open('confirm', request.params.token)
      const found = opened && (await confirmable(opened))
      if (!found) return gone(request, reply)
      if (found.kind === 'refused') return send(request, reply, 410, noLonger, found.because.markup)
      return send(
        request,
        reply,
        200,
        'Is this your address?',
        confirmBody(found.address, found.said.consent?.wording ?? null).markup,
      )
    })

    app.post('/v/:token', acted('It is her address'), async (request, reply) => {
      const opened = await open('confirm', request.params.token)
      const found = opened && (await confirmable(opened))
      if (!found) return gone(request, reply)
      if (found.kind === 'refused') return send(request, reply, 410, noLonger, found.because.markup)
      const { workspaceId, message } = opened
      const { address, person, said } = found
      const consent = request.body?.[onlyAddress.name] === onlyAddress.value ? null : said.consent
      const at = await workspaces.domainNow(workspaceId)
      const traits = notKnownYet(person, { email: address, ...said.traits })
      const more: readonly Feedback[] = [
        ...(Object.keys(traits).length === 0 ? [] : [{ kind: 'said' as const, at, properties: traits }]),
        ...(consent === null ? [] : [{ kind: 'consented' as const, at, properties: { ...consent } }]),
      ]
      const verified = { kind: 'verified' as const, at, properties: { email: address } }
      await messages.feedback.report(workspaceId, message, verified, (tx) =>
        messages.feedback.record(
          tx,
          workspaceId,
          more.map((feedback) => ({ message, feedback, person })),
        ),
      )
      return send(request, reply, 200, 'Confirmed', confirmedBody(address, consent !== null).markup)
    })

    /**
     * What she did with the mail, by GET. Where it can't be written down just now she is not kept waiting for it: where the
     * link leads stands in the link itself.
     */
    const note = async (
      request: FastifyRequest<{ Params: { token: string } }>,
      kind: 'click' | 'open',
      what: { readonly suffix?: string; readonly properties: JsonObject },
    ): Promise<'noted' | 'not-noted' | 'nothing'> => {
      try {
        const opened = await open(kind, request.params.token)
        if (!opened) return 'nothing'
        const { workspaceId, message } = opened
        if (request.method !== 'GET') return 'not-noted'
        const at = await workspaces.domainNow(workspaceId)
        await messages.feedback.report(workspaceId, message, { kind, at, ...what })
        return 'noted'
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error
        request.log.warn({ err: error, kind }, 'not written down: a store is away')
        return 'not-noted'
      }
    }

    app.get(
      '/c/:token',
      { config, schema: { ...schema, summary: 'A link of a mail, counted', response: followed } },
      async (request, reply) => {
        const link = messages.links.read('click', request.params.token)
        if (!link) return gone(request, reply)
        const { url } = link
        const suffix = createHash('sha256').update(url).digest('hex').slice(0, 16)
        const noted = await note(request, 'click', { suffix, properties: { link_url: url } })
        if (noted === 'nothing') return gone(request, reply)
        return reply
          .header('cache-control', 'no-store')
          .header('referrer-policy', 'no-referrer')
          .redirect(wireUrl(url), 302)
      },
    )

    app.get(
      '/o/:token',
      { config, schema: { ...schema, summary: 'The pixel of a mail, counted', response: seen } },
      async (request, reply) => {
        await note(request, 'open', { properties: {} })
        return reply.header('cache-control', 'no-store').type('image/gif').send(pixel)
      },
    )
  }

type Confirmable =
  | { readonly kind: 'open'; readonly address: string; readonly person: PersonFacts; readonly said: Unconfirmed }
  | { readonly kind: 'refused'; readonly because: Markup }

/** What her answer to the form said. Other mails may carry the link, too: what their runs began with is no answer. */
const saidWith = (message: MessageRow): Unconfirmed =>
  unconfirmed.parse(asksToConfirm(message) ? message.entryEvent : {})

/** What she confirmed fills what is not known of her; what was stated otherwise stays. */
const notKnownYet = (person: PersonFacts, traits: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(traits).filter(([trait]) => !Object.hasOwn(person.traitTimes, trait)))

const followed = { 302: z.null(), 404: pageAnswer } as const
const seen = { 200: { content: { 'image/gif': { schema: z.unknown() } } } } as const
const noLonger = 'This link does not hold any more'
const nobody = brandAs<PersonId>('00000000-0000-0000-0000-000000000000')
