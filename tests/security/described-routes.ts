import { permissions } from '@baton/contract'
import { z } from 'zod'
import type { DeclaredRoute } from '../../server/src/http/index.ts'
import { isUndocumented, type OpenApiDocument } from '../harness/answers.ts'
import { type JsonSchema, jsonSchema } from './valid-values.ts'

const access = z.union([
  z.strictObject({ permission: z.enum(permissions), reach: z.enum(['operation', 'firm']).optional() }),
  z.strictObject({ session: z.literal(true) }),
  z.strictObject({ writeKey: z.literal(true) }),
  z.strictObject({ public: z.literal(true), sameOrigin: z.literal(true).optional() }),
])
const operation = z.looseObject({
  'x-baton-access': access,
  parameters: z
    .array(
      z.object({
        in: z.enum(['path', 'query']),
        name: z.string(),
        required: z.boolean().default(false),
        schema: jsonSchema,
      }),
    )
    .default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: jsonSchema })) }).optional(),
})

/** A route as the OpenAPI document describes it. */
export interface DescribedRoute {
  readonly method: string
  /** With `{id}` where an id goes. */
  readonly path: string
  readonly access: z.infer<typeof access>
  readonly parameters: z.infer<typeof operation>['parameters']
  readonly body: { readonly contentType: string; readonly schema: JsonSchema } | null
}

/** Every route of the document. @throws when one does not say who may call it. */
export const describedRoutes = ({ paths }: OpenApiDocument): readonly DescribedRoute[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const { 'x-baton-access': access, parameters, requestBody } = operation.parse(described)
      const [body] = Object.entries(requestBody?.content ?? {})
      return {
        method: method.toUpperCase(),
        path,
        access,
        parameters,
        body: body === undefined ? null : { contentType: body[0], schema: body[1].schema },
      }
    }),
  )

const components = z.looseObject({ components: z.object({ schemas: z.record(z.string(), jsonSchema) }) })

/** The schemas that the document gives names to. */
export const describedSchemas = (document: OpenApiDocument): Readonly<Record<string, JsonSchema>> =>
  components.parse(document).components.schemas

/** Where the document and what is mounted are not the same, a line each. */
export const differences = (document: OpenApiDocument, routes: readonly DeclaredRoute[]): readonly string[] => {
  const described = new Map(describedRoutes(document).map((route) => [`${route.method} ${route.path}`, route.access]))
  const mounted = new Map(
    routes
      .map(({ method, url, access }) => ({ method, path: url.replace(/:(\w+)/g, '{$1}'), access }))
      .filter(
        ({ method, path, access }) => !(isUndocumented(method, path) && ('public' in access || method === 'HEAD')),
      )
      .map(({ method, path, access }) => [`${method} ${path}`, access]),
  )
  const missing = [...mounted].flatMap(([name, rule]) => {
    const told = described.get(name)
    if (told === undefined) return [`${name} is mounted and not described`]
    const [is, said] = [JSON.stringify(rule), JSON.stringify(told)]
    return is === said ? [] : [`${name}: ${said} is described, ${is} is mounted`]
  })
  const gone = [...described.keys()].filter((name) => !mounted.has(name))
  return [...missing, ...gone.map((name) => `${name} is described and not mounted`)]
}
