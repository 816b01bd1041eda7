import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { z } from 'zod'
import type { App } from '../../server/src/http/index.ts'

/** One answer as a caller sees it. */
export interface SeenAnswer {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly contentType: string | null
  readonly body: string
}

const answerOf = z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })
export const openApiDocument = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ responses: z.record(z.string(), answerOf) }))),
})
export type OpenApiDocument = z.infer<typeof openApiDocument>

/** What of the mounted routes the document leaves out: itself and its page, and the twins a browser or proxy asks for. */
export const isUndocumented = (method: string, path: string): boolean =>
  method === 'HEAD' || method === 'OPTIONS' || path === '/v1/openapi.json' || /^\/docs(\/|$)/.test(path)

/** Says how an answer differs from what the document promises; null when it does not. */
export const createAnswerCheck = (document: OpenApiDocument): ((seen: SeenAnswer) => string | null) => {
  // Formats are left to zod, which the schemas are made from; each stands there as a pattern, too.
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema(document, 'openapi')
  const validators = new Map<string, ValidateFunction>()
  const validatorOf = (pointer: string): ValidateFunction => {
    const known = validators.get(pointer)
    if (known !== undefined) return known
    const made = ajv.compile({ $ref: `openapi#${pointer}` })
    validators.set(pointer, made)
    return made
  }
  // A path that is named as it stands comes before one with a parameter in its place.
  const paths = Object.keys(document.paths)
    .map((template) => ({ template, matches: matcherOf(template) }))
    .sort((a, b) => parametersIn(a.template) - parametersIn(b.template))

  return ({ method, path, status, contentType, body }) => {
    if (isUndocumented(method, path)) return null
    const name = `${method} ${path} → ${status}`
    const found = paths.find(
      ({ template, matches }) => matches(path) && document.paths[template]?.[method.toLowerCase()],
    )
    if (found === undefined) return status === 404 ? null : `${name}: the document does not know this route`
    const told = document.paths[found.template]?.[method.toLowerCase()]?.responses[String(status)]
    if (told === undefined)
      return `${name}: the document lists no such answer for ${found.template}: name it in schema.response, or the error in config.errors. It said ${body.slice(0, 300)}`
    if (told.content === undefined) return body === '' ? null : `${name}: the document promises no body`
    const type = contentType?.split(';', 1)[0] ?? ''
    if (!(type in told.content)) return `${name}: is ${type}, and not ${Object.keys(told.content).join(' or ')}`
    if (type !== 'application/json') return null
    const place = [
      'paths',
      found.template,
      method.toLowerCase(),
      'responses',
      String(status),
      'content',
      type,
      'schema',
    ]
    const validate = validatorOf(`/${place.map(asPointer).join('/')}`)
    if (validate(JSON.parse(body))) return null
    return `${name}: ${ajv.errorsText(validate.errors)}. It said ${body.slice(0, 300)}`
  }
}

/** From now on every answer of `inject` is held against the document; one that does not fit is thrown. */
export const checkEveryAnswer = (app: App): void => {
  const check = createAnswerCheck(openApiDocument.parse(JSON.parse(JSON.stringify(app.swagger()))))
  const inject = app.inject.bind(app)
  const checked = async (asked: InjectOptions): Promise<LightMyRequestResponse> => {
    const answer = await inject(asked)
    const { method = 'GET', url } = answer.raw.req
    const fault = check({
      method,
      path: new URL(url ?? '', 'http://baton').pathname,
      status: answer.statusCode,
      contentType: textOf(answer.headers['content-type']),
      body: answer.body,
    })
    if (fault !== null) throw new Error(`An answer is not as the OpenAPI document says. ${fault}`)
    return answer
  }
  Object.defineProperty(app, 'inject', { value: checked })
}

const textOf = (header: unknown): string | null => (typeof header === 'string' ? header : null)

const parametersIn = (template: string): number => template.split('{').length

const matcherOf = (template: string): ((path: string) => boolean) => {
  const parts = template.split('/')
  return (path) => {
    const given = path.split('/')
    return given.length === parts.length && parts.every((part, at) => part.startsWith('{') || part === given[at])
  }
}

const asPointer = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
