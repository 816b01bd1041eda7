import type { DescribedRoute } from './described-routes.ts'
import { type JsonSchema, jsonSchema, type Told, valuesOf } from './valid-values.ts'

export interface ValidRequest {
  readonly method: string
  readonly url: string
  readonly contentType: string | null
  readonly payload: string | null
}

export interface Subjects {
  readonly told: Told
  /** Ids of the caller's own, by the word of the path before them: `templates` for `/v1/templates/{id}`. */
  readonly own: Readonly<Record<string, string>>
}

type Query = Readonly<Record<string, unknown>>

/** A part of a request that the schema can't tell: a text that has a shape of its own, or one of two fields. */
export interface ByHand {
  readonly query?: Query
  readonly contentType?: string
  readonly bodies?: readonly unknown[]
}

/**
 * Requests that fit what the document says the route takes, the plainest first: the told ids wherever one may stand,
 * in the path, the query and the body; and with an own thing in the path, so that what stands behind it is reached.
 */
export const validRequests = (
  route: DescribedRoute,
  schemas: Readonly<Record<string, JsonSchema>>,
  { told, own }: Subjects,
  byHand: ByHand = {},
): readonly ValidRequest[] => {
  const about = { schemas, told }
  const bodies = byHand.bodies ?? (route.body === null ? [null] : valuesOf(route.body.schema, about))
  const contentType = byHand.contentType ?? route.body?.contentType ?? null
  const queries = byHand.query === undefined ? valuesOf(queryOf(route), about) : [byHand.query]
  return pathsOf(route, about, own).flatMap((path) =>
    queries.flatMap((query) =>
      bodies.map((body) => ({
        method: route.method,
        url: `${path}${asSearch(query)}`,
        contentType: body === null ? null : contentType,
        payload: body === null ? null : written(body, contentType),
      })),
    ),
  )
}

/** With the told ids only, then with an own one in each place there is one for, and in all of them. */
const pathsOf = (
  route: DescribedRoute,
  about: Parameters<typeof valuesOf>[1],
  own: Subjects['own'],
): readonly string[] => {
  const parts = route.path.split('/')
  const owned = parts.flatMap((part, at) =>
    part.startsWith('{') && own[parts[at - 1] ?? ''] !== undefined ? [at] : [],
  )
  const choices = [[], ...(owned.length > 1 ? owned.map((at) => [at]) : []), ...(owned.length > 0 ? [owned] : [])]
  return choices.map((chosen) =>
    parts
      .map((part, at) => {
        if (!part.startsWith('{')) return part
        if (chosen.includes(at)) return own[parts[at - 1] ?? '']
        const name = part.slice(1, -1)
        const schema = route.parameters.find((each) => each.in === 'path' && each.name === name)?.schema
        const isPlain = schema === undefined || (schema.type === 'string' && !schema.pattern)
        return isPlain ? about.told.id : String(valuesOf(schema, about, name)[0])
      })
      .join('/'),
  )
}

const queryOf = ({ parameters }: DescribedRoute): JsonSchema => {
  const asked = parameters.filter((each) => each.in === 'query')
  return jsonSchema.parse({
    type: 'object',
    properties: Object.fromEntries(asked.map(({ name, schema }) => [name, schema])),
    required: asked.filter(({ required }) => required).map(({ name }) => name),
  })
}

const asSearch = (query: unknown): string => {
  const text = asForm(query)
  return text === '' ? '' : `?${text}`
}

const asForm = (fields: unknown): string =>
  new URLSearchParams(Object.entries(fields ?? {}).map(([name, value]) => [name, String(value)])).toString()

const written = (body: unknown, contentType: string | null): string => {
  if (typeof body === 'string') return body
  return contentType === 'application/x-www-form-urlencoded' ? asForm(body) : JSON.stringify(body)
}
