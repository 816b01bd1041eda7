import { collectCalls, collected, collectRefusals, sdkSettings, sdkSettingsRefusals } from '@baton/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '../http/index.ts'
import type { WorkspaceId } from '../kernel/index.ts'
import { largestElementBytes } from './batch-elements.ts'
import { BusyError, type LogWriter } from './log-writer.ts'
import { isObject } from './parse-event.ts'
import { plainBody } from './plain-body.ts'
import { countEvents } from './read-requests.ts'

const mostEventBytes = 32 * 1024
const mostBatchBytes = 500 * 1024
/** 500 KB hold no more that say anything; of nothing but commas they would hold a quarter of a million. */
const mostEvents = 5_000
const calls = ['identify', 'track', 'page', 'screen', 'group', 'alias', 'batch'] as const
type Call = (typeof calls)[number]
const shortNames: Record<Call, readonly string[]> = {
  identify: ['identify', 'i'],
  track: ['track', 't'],
  page: ['page', 'p'],
  screen: ['screen', 's'],
  group: ['group', 'g'],
  alias: ['alias', 'a'],
  batch: ['batch', 'b', 'import'],
}

export interface CollectRouteDeps {
  readonly writer: Pick<LogWriter, 'append'>
  /** The workspace a write key may send to, or null when the key is unknown or revoked. */
  readonly findWriteKey: (key: string) => Promise<{ workspaceId: WorkspaceId; keyId: string } | null>
}

/** `Basic base64(key:)` or `Bearer key`. */
const keyOfHeader = (header: string | undefined): string | null => {
  if (!header) return null
  const [scheme, value] = header.split(' ', 2)
  if (!value) return null
  if (scheme?.toLowerCase() === 'bearer') return value
  if (scheme?.toLowerCase() !== 'basic') return null
  return Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0] ?? null
}

const refuse = (reply: FastifyReply, status: number, code: string, message: string, remedy: string) =>
  reply.code(status).send({ error: { code, message, remedy } })

const sendWhole = 'Send the gzip whole and once, or the JSON as it is.'

const parseJson = (body: Buffer): { value: unknown } | null => {
  try {
    return { value: JSON.parse(body.toString('utf8')) }
  } catch {
    return null
  }
}

const mostBytesOf = (call: string): number => (call === 'batch' ? mostBatchBytes : mostEventBytes)

/** Of a body that was parsed. */
const holdsTooLarge = (call: string, body: Buffer): boolean =>
  call === 'batch' && body.length > mostEventBytes && largestElementBytes(body) > mostEventBytes

/**
 * Segment's HTTP API: 200 once committed; 400 only for oversize and invalid JSON; 401 for a key nobody made; 429 with
 * Retry-After when the log can't keep up. Every content type, gzip or not. What breaks the contract inside an event is
 * not refused here: it is kept and shown with its reason.
 */
export const collectRoutes = (deps: CollectRouteDeps) => async (app: App) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBatchBytes + 1 }, (_request, body, done) =>
    done(null, body),
  )
  app.addHook('onRequest', async (request, reply) => {
    reply.header('access-control-allow-origin', '*')
    // Every body is read as JSON. A type that can't be read must not cost the events.
    delete request.headers['content-type']
  })
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof BusyError)
      return refuse(reply.header('retry-after', '1'), 429, 'busy', error.message, 'Send the same request again.')
    if (error.statusCode === 413)
      return refuse(reply, 400, 'too-large', 'The request is over 500 KB.', 'Send smaller batches.')
    app.log.error({ err: error }, 'an event could not be stored')
    return refuse(reply, 503, 'not-stored', 'The events could not be stored.', 'Send the same request again.')
  })

  // The schemas below are read by people and programs, not by this server: a request is not looked at twice.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => JSON.stringify)

  const accept = (call: Call) => async (request: FastifyRequest, reply: FastifyReply) => {
    const sent = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const plain = await plainBody(sent, mostBatchBytes)
    if (plain.kind === 'not-unzipped')
      return refuse(reply, 400, 'invalid-json', 'The body begins as gzip and could not be unzipped.', sendWhole)
    const tooLarge = () =>
      refuse(reply, 400, 'too-large', 'An event may take 32 KB, a batch 500 KB.', 'Send smaller events.')
    if (plain.kind === 'too-large' || plain.body.length > mostBytesOf(call)) return tooLarge()
    const { body } = plain
    const parsed = parseJson(body)
    if (!parsed) return refuse(reply, 400, 'invalid-json', 'The body is not valid JSON.', 'Send JSON in UTF-8.')
    if (holdsTooLarge(call, body)) return tooLarge()
    const eventCount = countEvents(call, parsed.value)
    if (eventCount > mostEvents)
      return refuse(reply, 400, 'too-large', 'A batch may hold 5,000 events.', 'Send smaller batches.')
    const inBody = isObject(parsed.value) && typeof parsed.value.writeKey === 'string' ? parsed.value.writeKey : null
    const key = keyOfHeader(request.headers.authorization) ?? inBody
    const found = key === null ? null : await deps.findWriteKey(key)
    if (!found)
      return refuse(reply, 401, 'unknown-write-key', 'No such write key.', 'Make one in Settings, Write keys.')
    const head = { source: found.keyId, call }
    if (eventCount > 0) await deps.writer.append(found.workspaceId, 'live', { head, body }, eventCount)
    return reply.header('content-type', 'application/json').send('{"success":true}')
  }

  for (const call of calls)
    for (const name of shortNames[call]) {
      app.post(`/v1/${name}`, { config: { access: { writeKey: true } }, schema: schemaOf(call, name) }, accept(call))
      app.options(`/v1/${name}`, { config: { access: { public: true } }, schema: { hide: true } }, preflight)
    }

  // analytics-next asks for its settings before it sends anything.
  const schema = {
    tags: ['collect'],
    summary: 'The settings Segment’s browser library asks for',
    params: z.object({ writeKey: z.string() }),
    response: { 200: sdkSettings, ...sdkSettingsRefusals },
  }
  app.get(
    '/v1/projects/:writeKey/settings',
    { config: { access: { public: true } }, schema },
    async (request, reply) => {
      const { writeKey } = request.params
      const found = await deps.findWriteKey(writeKey)
      if (!found)
        return refuse(reply, 404, 'unknown-write-key', 'No such write key.', 'Make one in Settings, Write keys.')
      const apiHost = `${request.host}/v1`
      return { integrations: { 'Segment.io': { apiKey: writeKey, apiHost, protocol: request.protocol } }, plan: {} }
    },
  )
}

const whatItTakes = `Segment’s HTTP API. 200: the events are committed. What breaks the contract inside an event is answered 200, too: what can be read of it is, and what can’t is kept with its reason (GET /v1/events). 400 only for what is over the sizes or no JSON.

The write key: as the user name of Basic, as Bearer, or as \`writeKey\` in the body. Any content type or none is read as JSON in UTF-8, gzip is known by its first bytes. An event may take 32 KB, a batch 500 KB, before and after unpacking, and hold 5,000 events; nested at most 20 deep; without U+0000. The type is told by \`type\`, in any case, or else by the address.`

const schemaOf = (call: Call, name: string) => ({
  tags: ['collect'],
  summary: name === call ? titles[call] : `The same as /v1/${call}`,
  description: whatItTakes,
  consumes: ['application/json', 'text/plain', '*/*'],
  body: collectCalls[call],
  response: { 200: collected, ...collectRefusals },
})
const titles: Record<Call, string> = {
  identify: 'Who somebody is: traits of a person',
  track: 'What somebody did: an event with its properties',
  page: 'Which page somebody saw',
  screen: 'Which screen of an app somebody saw',
  group: 'Which group somebody belongs to, and its traits',
  alias: 'That two ids are one person',
  batch: 'Many of these at once',
}

const preflight = async (_request: FastifyRequest, reply: FastifyReply) =>
  reply
    .header('access-control-allow-methods', 'POST')
    .header('access-control-allow-headers', 'authorization, content-type')
    .header('access-control-max-age', '86400')
    .code(204)
    .send()
