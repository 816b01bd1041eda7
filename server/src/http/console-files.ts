import { existsSync, mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from './access.ts'
import { answerError } from './error-answer.ts'
import { UserError } from './user-error.ts'

/** Paths that are never a page of the console. */
const notConsole = /^\/(v1|api|docs|f|p|u|c|o|healthz|readyz|metrics)(\/|$)/

/** The built console: its files as they are, and its index.html for every other path that a browser opens. */
export const mountConsole = async (app: App, folder: string): Promise<void> => {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
  await app.register(async (files) => {
    files.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: { public: true } }
      route.schema = { hide: true }
    })
    // A folder is no file: the same answer as for nothing at all.
    files.setErrorHandler((error, request, reply) =>
      answerError(isRefusal(error) ? noRoute(request) : error, request, reply),
    )
    for (const url of ['/', '/index.html']) files.get(url, (request, reply) => sendIndex(folder, request, reply))
    await files.register(fastifyStatic, {
      root: folder,
      index: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Vite names what it builds by content; the rest may change with the next version.
        reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  })
  app.setNotFoundHandler(async (request, reply) => {
    if (!wantsPage(request)) throw noRoute(request)
    return sendIndex(folder, request, reply)
  })
}

export const answerNotFound = (app: App): void => {
  app.setNotFoundHandler((request) => {
    throw noRoute(request)
  })
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500

const wantsPage = (request: FastifyRequest): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') &&
  !notConsole.test(pathOf(request)) &&
  !/\.[a-z0-9]+$/i.test(pathOf(request)) &&
  (request.headers.accept ?? '*/*').includes('html')

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/'

const noRoute = (request: FastifyRequest): UserError =>
  new UserError('not-found', `There is nothing at ${request.method} ${pathOf(request).slice(0, 100)}.`, {
    remedy: 'The routes are listed at /docs and in /v1/openapi.json.',
  })

const sendIndex = async (folder: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  const html = await readIndex(folder)
  reply.header('cache-control', 'no-store').type('text/html; charset=utf-8')
  if (html === null) return reply.code(503).send(unbuilt)
  return reply.code(200).send(html.replaceAll('__CSP_NONCE__', request.cspNonce))
}

/** Read at each page load (one small file): a console that was built again is seen without a restart. */
const readIndex = async (folder: string): Promise<string | null> => {
  try {
    return await readFile(join(folder, 'index.html'), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

const unbuilt = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Baton</title></head><body>
<h1>The console is not built yet</h1><p>Wait for the build to finish, then reload; or run <code>npm -w console run build</code>.</p></body></html>`
