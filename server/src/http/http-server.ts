import fastifyCookie from '@fastify/cookie'
import fastifyFormbody from '@fastify/formbody'
import fastifyHelmet from '@fastify/helmet'
import fastify, { LogController, type RouteOptions } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import { newId, OperatorError } from '../kernel/index.ts'
import type { Access, App, Routes } from './access.ts'
import { describeApi, mountApiDocs } from './api-docs.ts'
import { authenticate, type Who } from './authenticate.ts'
import { answerNotFound, mountConsole } from './console-files.ts'
import { mountCsvTwins } from './csv-of-list.ts'
import { answerError } from './error-answer.ts'
import { logAnswer } from './request-log.ts'
import { contentSecurityPolicy, helmetOptions, newNonce } from './security-headers.ts'

export interface HttpServerOptions {
  readonly log: Logger
  /** Baton's own address as people and mails use it; https here makes cookies Secure and sends HSTS. */
  readonly publicUrl: string
  /** Addresses or networks of proxies in front: whom they name in X-Forwarded-For counts as the caller. Default: nobody. */
  readonly trustedProxies?: readonly string[]
  /** The built console; left out: API only. */
  readonly consoleFolder?: string
  readonly version: string
  readonly who: Who
  readonly rooms: readonly Routes[]
  /** The hot path (collect): no helmet, no zod, no cookies, no session; it looks at its write keys itself. */
  readonly bareRooms?: readonly Routes[]
}

/** A route as it was declared, for the security matrix. */
export interface DeclaredRoute {
  readonly method: string
  readonly url: string
  readonly access: Access
  readonly stream: boolean
}

const bodyLimitBytes = 1_048_576

/** The HTTP server with every room mounted, ready to listen or inject. Throws when a route has no access rule. */
export const createHttpServer = async (
  options: HttpServerOptions,
): Promise<{ app: App; routes: readonly DeclaredRoute[] }> => {
  const { trustedProxies = [] } = options
  const app: App = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => newId(),
    requestIdHeader: false,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit: bodyLimitBytes,
    routerOptions: { maxParamLength: 500 },
  }).withTypeProvider<ZodTypeProvider>()
  app.decorateRequest('principal', null)
  app.decorateRequest('signedIn', null)
  app.decorateRequest('cspNonce', '')
  app.setErrorHandler(answerError)
  const declared: RouteOptions[] = []
  app.addHook('onRoute', (route) => {
    declared.push(route)
  })
  await describeApi(app, options.version)
  for (const room of options.bareRooms ?? []) await app.register(async (scope: App) => room(scope))
  await app.register(async (kit: App) => mountKit(kit, options))
  await app.ready()
  return { app, routes: declared.flatMap(readRoute) }
}

const mountKit = async (kit: App, options: HttpServerOptions): Promise<void> => {
  const isHttps = options.publicUrl.startsWith('https:')
  kit.setValidatorCompiler(validatorCompiler)
  kit.setSerializerCompiler(serializerCompiler)
  await kit.register(fastifyCookie)
  await kit.register(fastifyFormbody, { bodyLimit: 65_536 })
  await kit.register(fastifyHelmet, helmetOptions(isHttps))
  kit.addHook('onRequest', async (request, reply) => {
    request.cspNonce = newNonce()
    reply.header('request-id', request.id)
    const { access, embeddable } = request.routeOptions.config
    const framedBy = embeddable === true ? '*' : "'none'"
    reply.header('content-security-policy', contentSecurityPolicy(request.cspNonce, isHttps, framedBy))
    // Helmet writes past Fastify's reply.
    if (embeddable === true) reply.raw.removeHeader('x-frame-options')
    if (access === undefined) return
    // Pixels and hosted forms are shown inside mails and other people's pages.
    if ('public' in access) reply.header('cross-origin-resource-policy', 'cross-origin')
    else reply.header('cache-control', 'no-store')
    await authenticate(request, access, options.who, options.publicUrl)
  })
  kit.addHook('onResponse', async (request, reply) => logAnswer(request, reply))
  await mountApiDocs(kit)
  mountCsvTwins(kit, options.who)
  for (const room of options.rooms) await kit.register(async (scope: App) => room(scope))
  if (options.consoleFolder === undefined) answerNotFound(kit)
  else await mountConsole(kit, options.consoleFolder)
}

/** HEAD routes are Fastify's twins of GET routes and share their rule. */
const readRoute = (route: RouteOptions): DeclaredRoute[] => {
  const methods = Array.isArray(route.method) ? route.method : [route.method]
  const access = route.config?.access
  if (access === undefined) {
    throw new OperatorError(
      `The route ${methods.join('|')} ${route.url} says nothing about who may call it. Add config: { access: { permission: '…' } } to its options.`,
    )
  }
  return methods.map((method) => ({ method, url: route.url, access, stream: route.config?.stream === true }))
}
