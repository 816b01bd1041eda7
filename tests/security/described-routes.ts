import { permissions } from '@baton/contract'
import { z } from 'zod'
import type { DeclaredRoute } from '../../server/src/http/index.ts'
import { isUndocumented, type OpenApiDocument } from '../harness/answers.ts'

const access = z.union([
  z.strictObject({ permission: z.enum(permissions), reach: z.enum(['operation', 'firm']).optional() }),
  z.strictObject({ session: z.literal(true) }),
  z.strictObject({ writeKey: z.literal(true) }),
  z.strictObject({ public: z.literal(true), sameOrigin: z.literal(true).optional() }),
])
const operation = z.looseObject({ 'x-baton-access': access })

/** A route as the OpenAPI document describes it. */
export interface DescribedRoute {
  readonly method: string
  /** With `{id}` where an id goes. */
  readonly path: string
  readonly access: z.infer<typeof access>
}

/** Every route of the document. @throws when one does not say who may call it. */
export const describedRoutes = ({ paths }: OpenApiDocument): readonly DescribedRoute[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      method: method.toUpperCase(),
      path,
      access: operation.parse(described)['x-baton-access'],
    })),
  )

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
