import { operations as operationsPage, readiness } from '@baton/contract'
import { z } from 'zod'
import { principalOf, type Routes } from '../http/index.ts'
import { createMetrics } from './metrics.ts'
import type { Operations } from './operations.ts'

/**
 * `/healthz`: this process answers. `/readyz`: engines and workers do, else 503 with the part that does not; it needs no
 * sign-in, because where PostgreSQL is down nobody can be signed in. `/v1/operations`: the whole page.
 */
export const operationsRoutes =
  (operations: Operations): Routes =>
  (app) => {
    app.get(
      '/healthz',
      {
        config: { access: { public: true } },
        schema: { summary: 'This process answers', response: { 200: z.object({ state: z.literal('ok') }) } },
      },
      async () => ({ state: 'ok' as const }),
    )
    app.get(
      '/readyz',
      {
        config: { access: { public: true } },
        schema: { summary: 'Engines and workers answer', response: { 200: readiness, 503: readiness } },
      },
      async (_request, reply) => {
        const { state, problems } = await operations.lookAtMachine()
        // Folders, addresses and reasons are for people who are signed in.
        const named = problems.map(({ part, name, state: partOf, since, sentence, remedy }) => ({
          part,
          name: part === 'disk' ? 'disk' : name,
          state: partOf,
          since,
          sentence: part === 'disk' ? 'The disk is nearly full' : (sentence.split(':')[0] ?? sentence),
          remedy,
        }))
        return reply.code(state === 'failed' ? 503 : 200).send({ state, problems: named })
      },
    )
    app.get(
      '/v1/operations',
      {
        config: { access: { permission: 'operations:read' } },
        schema: { summary: 'What runs, how fresh it is, what is wrong', response: { 200: operationsPage } },
      },
      async (request) => operations.look(principalOf(request).workspaceId),
    )
    const metrics = createMetrics(operations)
    app.get(
      '/metrics',
      {
        config: { access: { public: true } },
        schema: {
          summary: 'Metrics in Prometheus text format',
          response: { 200: { content: { 'text/plain': { schema: z.string() } } } },
        },
      },
      async (_request, reply) => {
        const { type, text } = await metrics()
        return reply.type(type).send(text)
      },
    )
  }
