import {
  equityPeople,
  equityPeopleQuery,
  equityPerson,
  equitySettings,
  equitySettingsChange,
  equityStatement,
  forwardEquity,
  forwardQuery,
  periodQuery,
} from '@baton/contract'
import { z } from 'zod'
import { csvOf, decodeCursor, encodeCursor, may, principalOf, type Routes } from '../http/index.ts'
import type { Equity } from './equity.ts'

/** Where the next page begins; from and to are those of the first, so that pages of a moving period fit together. */
const peopleKey = z.tuple([z.int().min(0), z.int(), z.int()])
const termCsv = csvOf('equity-people', equityPerson, {
  personId: (row) => row.personId,
  name: (row) => row.title,
  revenueMinor: (row) => row.revenueMinor,
})

/** Customer equity over HTTP. */
export const equityRoutes =
  (equity: Equity): Routes =>
  (app) => {
    app.get(
      '/v1/equity/statement',
      {
        config: { access: { permission: 'money:read', reach: 'firm' } },
        schema: {
          tags: ['equity'],
          summary: 'Customer equity of a period: new, old and churned customers, costs, waterfall and balance of heads',
          querystring: periodQuery,
          response: { 200: equityStatement },
        },
      },
      (request) => equity.statement(principalOf(request).workspaceId, request.query),
    )
    app.get(
      '/v1/equity/people',
      {
        config: { access: { permission: 'money:read', reach: 'firm' }, csv: termCsv },
        schema: {
          tags: ['equity'],
          summary: 'The people behind a term of the statement, most revenue first',
          querystring: equityPeopleQuery,
          response: { 200: equityPeople },
        },
      },
      async (request) => {
        const principal = principalOf(request)
        const { term, limit, cursor } = request.query
        const key = decodeCursor(peopleKey, cursor)
        const [offset, from, to] = key ?? [0, request.query.from, request.query.to]
        const { people, period, ...found } = await equity.termPeople(principal.workspaceId, {
          term,
          from,
          to,
          offset,
          limit: limit + 1,
          withTitles: may(principal, 'people:read'),
        })
        const next = people.length > limit ? encodeCursor([offset + limit, period.from, period.to]) : null
        return { ...found, items: people.slice(0, limit), next }
      },
    )
    app.get(
      '/v1/equity/forward',
      {
        config: { access: { permission: 'money:read', reach: 'firm' } },
        schema: {
          tags: ['equity'],
          summary: 'The forward figure: discounted expected margin of current customers and of those to come',
          querystring: forwardQuery,
          response: { 200: forwardEquity },
        },
      },
      (request) => {
        const { fresh, asOf } = request.query
        return equity.forward(principalOf(request).workspaceId, {
          fresh: fresh === 'true',
          ...(asOf === undefined ? {} : { asOf }),
        })
      },
    )
    app.get(
      '/v1/equity/settings',
      {
        config: { access: { permission: 'money:read', reach: 'firm' } },
        schema: { tags: ['equity'], summary: 'What the forward figure supposes', response: { 200: equitySettings } },
      },
      (request) => equity.settings(principalOf(request).workspaceId),
    )
    app.put(
      '/v1/equity/settings',
      {
        config: { access: { permission: 'money:write', reach: 'operation' } },
        schema: {
          tags: ['equity'],
          summary: 'Change what the forward figure supposes: only what is named changes',
          body: equitySettingsChange,
          response: { 200: equitySettings },
        },
      },
      (request) => equity.changeSettings(principalOf(request), request.body),
    )
  }
