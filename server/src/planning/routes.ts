import {
  calendarDay,
  cost,
  costDraft,
  costImport,
  costImported,
  costPage,
  costQuery,
  currency,
  exchangeRateDraft,
  exchangeRates,
  phaseOwnersChange,
  phases,
} from '@baton/contract'
import { z } from 'zod'
import { csvOf, decodeCursor, pageFrom, principalOf, type Routes } from '../http/index.ts'
import { toMajor } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { listCosts, sumCosts } from './cost-store.ts'
import type { Planning } from './planning.ts'

const costKey = z.tuple([z.iso.date(), z.uuid()])
const costParams = z.object({ id: z.uuid() })
const ratePath = z.object({ currency, base: currency, on: calendarDay })
/** With the columns that the import of costs reads. */
const costsCsv = csvOf(
  'costs',
  cost,
  {
    date: (row) => row.on,
    amount: (row) => toMajor(row.amount),
    currency: (row) => row.amount.currency,
    kind: (row) => row.kind,
    phase: (row) => row.phase,
    channel: (row) => row.channel,
    partner: (row) => row.partner,
    note: (row) => row.note,
  },
  'money:read',
)
/** A million characters, some of them escaped. */
const csvLimitBytes = 2_500_000

/** Phases and their owners, costs, exchange rates. */
export const planningRoutes =
  ({ planning, postgres }: { readonly planning: Planning; readonly postgres: Postgres }): Routes =>
  (app) => {
    app.get(
      '/v1/phases',
      {
        config: { access: { permission: 'workspace:read' } },
        schema: { tags: ['planning'], summary: 'The five phases and who answers for each', response: { 200: phases } },
      },
      (request) => planning.phases(principalOf(request).workspaceId),
    )
    app.put(
      '/v1/phases',
      {
        config: { access: { permission: 'plan:write' } },
        schema: {
          tags: ['planning'],
          summary: 'Name the accountable person of phases; only those named change',
          body: phaseOwnersChange,
          response: { 200: phases },
        },
      },
      (request) => planning.namePhaseOwners(principalOf(request), request.body),
    )

    app.get(
      '/v1/costs',
      {
        config: { access: { permission: 'money:read' }, csv: costsCsv },
        schema: {
          tags: ['planning'],
          summary: 'Costs, newest day first',
          querystring: costQuery,
          response: { 200: costPage },
        },
      },
      (request) => {
        const { workspaceId, scope } = principalOf(request)
        const { cursor, ...asked } = request.query
        const query = { ...asked, phases: scope.phases, partner: scope.partner }
        const after = decodeCursor(costKey, cursor)
        return postgres.inWorkspace(workspaceId, async (tx) => ({
          ...pageFrom(
            await listCosts(tx, workspaceId, { ...query, after }),
            query.limit,
            (row) => [row.on, row.costId],
            (row) => row,
          ),
          totals: [...(await sumCosts(tx, workspaceId, query))],
        }))
      },
    )
    app.post(
      '/v1/costs',
      {
        config: { access: { permission: 'money:write' } },
        schema: { tags: ['planning'], summary: 'Enter a cost', body: costDraft, response: { 201: cost } },
      },
      async (request, reply) => reply.code(201).send(await planning.addCost(principalOf(request), request.body)),
    )
    app.post(
      '/v1/costs/import',
      {
        config: { access: { permission: 'money:write' } },
        bodyLimit: csvLimitBytes,
        schema: {
          tags: ['planning'],
          summary: 'Enter the costs of a CSV file; the same rows twice are added once',
          body: costImport,
          response: { 200: costImported },
        },
      },
      (request) => planning.importCosts(principalOf(request), request.body),
    )
    app.delete(
      '/v1/costs/:id',
      {
        config: { access: { permission: 'money:write' } },
        schema: { tags: ['planning'], summary: 'Remove a cost', params: costParams, response: { 204: z.null() } },
      },
      async (request, reply) => {
        await planning.removeCost(principalOf(request), request.params.id)
        return reply.code(204).send(null)
      },
    )

    app.get(
      '/v1/exchange-rates',
      {
        config: { access: { permission: 'money:read' } },
        schema: { tags: ['planning'], summary: 'Exchange rates as entered', response: { 200: exchangeRates } },
      },
      (request) => planning.rates(principalOf(request).workspaceId),
    )
    app.put(
      '/v1/exchange-rates',
      {
        config: { access: { permission: 'money:write', reach: 'operation' } },
        schema: {
          tags: ['planning'],
          summary: 'Enter what a currency was worth from a day on',
          body: exchangeRateDraft,
          response: { 200: exchangeRates },
        },
      },
      (request) => planning.putRate(principalOf(request), request.body),
    )
    app.delete(
      '/v1/exchange-rates/:base/:currency/:on',
      {
        config: { access: { permission: 'money:write', reach: 'operation' } },
        schema: {
          tags: ['planning'],
          summary: 'Remove an exchange rate',
          params: ratePath,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await planning.removeRate(principalOf(request), request.params)
        return reply.code(204).send(null)
      },
    )
  }
