import { STATUS_CODES } from 'node:http'
import fastifySwagger from '@fastify/swagger'
import type { FastifySchema } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { Access, App } from './access.ts'
import { docsPage } from './docs-page.ts'
import { errorCodes } from './error-codes.ts'
import { errorsByStatus, errorsOf } from './route-errors.ts'

/** Dates and other things JSON Schema can't say are described as anything, instead of failing the whole document. */
const zodToJsonConfig = { unrepresentable: 'any' } as const
const transform = createJsonSchemaTransform({ skipList: [], zodToJsonConfig })

const description = `The public API of Baton; the console uses nothing else.

Every error is \`{ "error": { "code", "message", "remedy"?, "details"? } }\`: each answer below names its codes, docs/guides/errors.md says what they mean. Roles and keys: docs/guides/security-model.md. Who is signed in to several workspaces names one in the header \`baton-workspace\`.`

/** Called on the root before any route is declared: it collects them as they come, collect's too. */
export const describeApi = async (app: App, version: string): Promise<void> => {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Baton', version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      components: { securitySchemes },
    },
    transform: (declared) => {
      const { schema = {}, url } = transform(declared)
      const { config, method } = declared.route
      if (config?.access === undefined || schema.hide === true) return { url, schema }
      const { access, errors = [] } = config
      const asked = {
        method: Array.isArray(method) ? String(method[0]) : method,
        access,
        hasParams: schema.params !== undefined,
        query: namesOf(schema.querystring),
        more: errors,
      }
      // The collect routes answer errors of their own, which their schemas describe.
      const expected = 'writeKey' in access ? new Map() : errorsByStatus(errorsOf(asked))
      const response = withErrors(described(schema.response), expected)
      const tags = schema.tags ?? [partOf(url)]
      return { url, schema: { ...schema, tags, response, security: securityOf(access), 'x-baton-access': access } }
    },
    transformObject: createJsonSchemaTransformObject({ zodToJsonConfig }),
  })
}

/** By its address, for a route that does not say to which part of the document it belongs. */
const partOf = (url: string): string => {
  const [, version, first = ''] = url.split('/')
  if (version !== 'v1') return 'operations'
  const name = first.replace(/\.csv$/, '')
  return partsByAddress[name] ?? name.replaceAll('-', ' ')
}
const partsByAddress: Readonly<Record<string, string>> = {
  'event-names': 'people',
  events: 'people',
  merges: 'people',
  runs: 'journeys',
}

/** The document, and the page that shows it. Both are made at the first asking, when every route is declared. */
export const mountApiDocs = async (app: App): Promise<void> => {
  const hidden = { schema: { hide: true }, config: { access: { public: true } } } as const
  app.get('/v1/openapi.json', hidden, () => app.swagger())
  let page: ReturnType<typeof docsPage> | null = null
  app.get('/docs', hidden, (request, reply) => {
    page ??= docsPage(app.swagger())
    return reply.type('text/html; charset=utf-8').send(page(request.cspNonce))
  })
  app.get('/docs/', hidden, (_request, reply) => reply.redirect('/docs', 302))
}

const securitySchemes = {
  apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, `baton_api_…`' },
  session: { type: 'apiKey', in: 'cookie', name: 'baton.session_token', description: 'Signed in to the console' },
  writeKey: {
    type: 'http',
    scheme: 'basic',
    description: 'A write key as the user name, without a password, as Segment’s SDKs send it',
  },
  writeKeyAsBearer: { type: 'http', scheme: 'bearer', description: 'A write key, `baton_write_…`' },
} as const

/** A write key may also stand in the body, which no security scheme of OpenAPI can say; hence the empty one. */
const securityOf = (access: Access): Record<string, string[]>[] => {
  if ('permission' in access) return [{ apiKey: [] }, { session: [] }]
  if ('session' in access) return [{ session: [] }]
  return 'writeKey' in access ? [{ writeKey: [] }, { writeKeyAsBearer: [] }, {}] : []
}

type Answer = { readonly description?: string; readonly content?: Readonly<Record<string, object>> }

const isAnswer = (each: object): each is Answer => 'content' in each

/** A route's own answers, each with the words of its status. */
const described = (response: unknown): ReadonlyMap<number, Answer> => {
  if (typeof response !== 'object' || response === null) return new Map([[200, { description: 'OK' }]])
  const answers = Object.entries(response).map(([status, schema]: [string, object]): [number, Answer] => {
    const words = { description: STATUS_CODES[status] ?? 'An answer' }
    if (isAnswer(schema)) return [Number(status), { ...words, ...schema }]
    if ('type' in schema && schema.type === 'null') return [Number(status), { ...words, ...schema }]
    return [Number(status), { ...words, content: { 'application/json': { schema } } }]
  })
  return new Map(answers)
}

/** What a route answers itself with an error's status (a page, a readiness) stands beside the envelope. */
const withErrors = (
  own: ReadonlyMap<number, Answer>,
  errors: ReturnType<typeof errorsByStatus>,
): Record<number, Answer> => {
  const answers = new Map(own)
  for (const [status, codes] of errors) {
    const before = own.get(status)
    const schema = {
      allOf: [
        { $ref: '#/components/schemas/Error' },
        { properties: { error: { properties: { code: { enum: codes } } } } },
      ],
    }
    answers.set(status, {
      description: codes.map((code) => `\`${code}\`: ${errorCodes[code][1]}`).join('\n\n'),
      content: { 'application/json': { schema }, ...before?.content },
    })
  }
  return Object.fromEntries(answers)
}

const namesOf = (querystring: FastifySchema['querystring']): readonly string[] | null => {
  if (typeof querystring !== 'object' || querystring === null) return null
  return 'properties' in querystring ? Object.keys(querystring.properties ?? {}) : []
}
