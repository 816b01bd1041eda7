import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import { createJsonSchemaTransform } from 'fastify-type-provider-zod'
import type { Access, App } from './access.ts'

/** Dates and other things JSON Schema can't say are described as anything, instead of failing the whole document. */
const transform = createJsonSchemaTransform({ skipList: [], zodToJsonConfig: { unrepresentable: 'any' } })

/** Called on the root before any route is declared: it collects them as they come, collect's too. */
export const describeApi = async (app: App, version: string): Promise<void> => {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Baton',
        version,
        description:
          'The public API of Baton; the console uses nothing else. Errors are listed in docs/guides/errors.md, roles and keys in docs/guides/security-model.md.',
      },
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, `baton_api_…`' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'baton.session_token',
            description: 'Signed in to the console',
          },
          writeKey: {
            type: 'http',
            scheme: 'basic',
            description: 'A write key as the user name, as Segment’s SDKs send it',
          },
        },
      },
    },
    transform: (route) => {
      const { schema, url } = transform(route)
      const access = route.route.config?.access
      return { url, schema: access === undefined ? schema : { ...schema, ...accessInDocs(access) } }
    },
  })
}

/** The document and the page that shows it; the page asks nobody else for anything. */
export const mountApiDocs = async (app: App): Promise<void> => {
  app.get('/v1/openapi.json', { schema: { hide: true }, config: { access: { public: true } } }, () => app.swagger())
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: { public: true } }
      route.schema = { hide: true }
    })
    await docs.register(fastifySwaggerUi, {
      routePrefix: '/docs',
      uiConfig: { validatorUrl: null, docExpansion: 'list', layout: 'BaseLayout' },
      theme: { title: 'Baton API' },
    })
  })
}

const accessInDocs = (access: Access): { security: Record<string, string[]>[]; 'x-baton-access': Access } => ({
  security: securityOf(access),
  'x-baton-access': access,
})

const securityOf = (access: Access): Record<string, string[]>[] => {
  if ('permission' in access) return [{ apiKey: [] }, { session: [] }]
  if ('session' in access) return [{ session: [] }]
  return 'writeKey' in access ? [{ writeKey: [] }] : []
}
