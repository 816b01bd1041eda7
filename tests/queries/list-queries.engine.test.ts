import { inspect } from 'node:util'
import { CompiledQuery } from 'kysely'
import pg from 'pg'
import { beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { must, newId, systemClock, type WorkspaceId } from '../../server/src/kernel/index.ts'
import { makeKey } from '../../server/src/workspaces/index.ts'
import { openApiDocument } from '../harness/answers.ts'
import { mountEverything } from '../harness/mounted.ts'
import { testStores } from '../harness/stores.ts'
import { analyze, firstOf, grownTo, growWorkspace, staysSmall, unclassified } from './grown-workspace.ts'

/**
 * Row-level security can take an index from a query that has one for the table's owner. So every statement that a GET
 * route runs, with each of its filters, is explained as the app role, on tables grown so far that an index pays.
 */
const stores = await testStores()
const { app, rooms } = await mountEverything(stores)
const ours = newId<WorkspaceId>()
const context = { workspaceId: ours, headers: { authorization: '' }, ids: {} as Record<string, string> }

const parameter = z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().optional() })
const operation = z.looseObject({
  'x-baton-access': z.looseObject({ permission: z.string().optional() }),
  parameters: z.array(parameter).default([]),
})

beforeAll(async () => {
  const make = async (name: string) =>
    (await rooms.workspaces.create({ name, currency: 'EUR', timeZone: 'UTC' }, { ownerId: null })).workspaceId
  const [workspaceId, other] = [await make('Garden'), await make('Orchard')]
  const deps = { postgres: stores.postgres, clock: systemClock, workspaces: rooms.workspaces }
  const draft = { kind: 'api', name: 'reader', role: 'owner', scope: {} } as const
  const { key } = await makeKey(deps, { workspaceId, actor: 'system' }, draft)
  Object.assign(context, { workspaceId, headers: { authorization: `Bearer ${key}` } })
  const post = async (url: string, payload: object) =>
    (await app.inject({ method: 'POST', url, headers: context.headers, payload })).json()
  const rule = { kind: 'event-count', event: 'Order Completed', where: [], is: 'at-least', value: 1 }
  const { segmentId } = await post('/v1/segments', { name: 'Buyers', rule })
  const { journeyId } = await post('/v1/journeys', { name: 'Welcome', draft: welcome })
  await stores.admin(
    `insert into journey_version (workspace_id, journey_id, version, definition, published_at, published_by)
     values ($1, $2, 1, $3, 0, 'test')`,
    [workspaceId, journeyId, JSON.stringify(welcome)],
  )
  for (const each of [workspaceId, other]) await growWorkspace(stores, each, journeyId)
  await analyze(stores)
  const of = (kind: string) => firstOf(stores, workspaceId, kind)
  const personId = await of('person')
  const [template] = (await app.inject({ url: '/v1/templates', headers: context.headers })).json().items
  context.ids = {
    personId,
    segmentId,
    '/v1/people/{id}': personId,
    '/v1/mailbox/{id}': await of('mail'),
    '/v1/messages/{id}': await of('message'),
    '/v1/runs/{id}': await of('run'),
    '/v1/imports/{id}': await of('import'),
    erasureId: await of('erasure'),
    '/v1/journeys/{id}': journeyId,
    '/v1/templates/{id}': template.templateId,
    journeyId,
  }
}, 120_000)

const welcome = {
  entry: { kind: 'event', event: 'Product Added', where: [], keyPath: 'cart_id', reentry: 'after-exit' },
  start: 'wait',
  steps: [{ id: 'wait', kind: 'delay', forMs: 60_000, next: null }],
  phase: 'purchase',
  purpose: 'inform',
}

/** What stands for the filters of the lists; a new one fails the test until it is named here. */
const samples: Readonly<Record<string, readonly string[]>> = {
  measure: ['entered', 'left', 'sent', 'delivered', 'opened', 'clicked', 'dropped', 'converted'],
  limit: ['50'],
  search: ['user-77', 'order'],
  object: ['segment:7'],
  track: ['identity'],
  state: ['known', 'accepted', 'finished'],
  atRisk: ['true'],
  kinds: ['message', 'event', 'merge'],
  type: ['track'],
  name: ['Order Completed'],
  verdict: ['quarantined', 'accepted'],
  // All of it, the newest ten minutes, and a day for lists by day.
  from: ['0', '1772452200000', '2025-01-01'],
  to: ['2000000000000', '2026-01-01'],
  kind: ['acquisition'],
  phase: ['contact'],
  status: ['live'],
  step: ['wait'],
  version: ['1'],
  reason: ['frequency-cap'],
  term: ['new'],
  fresh: ['false'],
  asOf: ['1772452800000'],
}
/** Filters that mean something else together. */
const together = [
  [
    ['track', 'identity'],
    ['state', 'known'],
  ],
  [
    ['reason', 'frequency-cap'],
    ['from', '1772452200000'],
  ],
] as const
/** They read all of something by their nature, once, for a figure or a balance: no list, no search. */
const figures = new Set([
  '/v1/equity/statement',
  '/v1/equity/people',
  '/v1/equity/forward',
  '/v1/messages/balance',
  '/v1/messages/reasons',
  '/v1/life-cycle/lost-after',
  '/v1/life-cycle/flows',
  '/v1/home',
  '/v1/operations',
])

/** Statements that count or sum beside a list, and what bounds them. */
const sums: readonly RegExp[] = [
  // All people of the workspace: an index-only scan.
  /^select count\(\*\) as count from subject where/,
  // Costs of the asked time; people type and import them.
  /^select kind, currency, sum\(amount_minor\)/,
  // Rejected rows of the imports on the page, by reason.
  /from order_import_rejection where .* group by import_id, reason/,
  // Mail that stayed in the house, a house without a mail server: its rows leave after 90 days.
  /from mailbox_mail where .* ilike/,
]

interface Statement {
  readonly sql: string
  readonly values: readonly unknown[]
}

/** The reading statements that a request runs on PostgreSQL. */
const statementsOf = async (
  url: string,
): Promise<{ readonly status: number; readonly statements: readonly Statement[]; readonly body: string }> => {
  const spy = vi.spyOn(pg.Client.prototype, 'query')
  try {
    const answer = await app.inject({ url, headers: context.headers })
    const statements = spy.mock.calls.flatMap(([sql, values]: readonly unknown[]) =>
      typeof sql === 'string' && /^\s*(select|with)\b/i.test(sql) && !sql.includes('set_config')
        ? [{ sql, values: Array.isArray(values) ? values : [] }]
        : [],
    )
    return { status: answer.statusCode, statements, body: answer.body }
  } finally {
    spy.mockRestore()
  }
}

const planned: z.ZodType<Plan> = z.lazy(() =>
  z.looseObject({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    'Actual Rows': z.number(),
    'Actual Loops': z.number(),
    'Rows Removed by Filter': z.number().optional(),
    Plans: z.array(planned).optional(),
  }),
)
interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string | undefined
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number | undefined
  readonly Plans?: readonly Plan[] | undefined
}
const explained = z.array(z.object({ 'QUERY PLAN': z.array(z.object({ Plan: planned })) }))

/** Nodes that read far more of a growing table than a page shows, a line each. */
const faultsOf = async ({ sql, values }: Statement): Promise<readonly string[]> => {
  const rows = await stores.postgres.inWorkspace(context.workspaceId, async (tx) => {
    const { rows } = await tx.executeQuery(CompiledQuery.raw(`explain (analyze, format json) ${sql}`, [...values]))
    return explained.parse(rows)
  })
  const walk = (plan: Plan): readonly string[] => {
    const table = (plan['Relation Name'] ?? '').replace(/_(\d+|other)$/, '')
    const read = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
    const isWhole = plan['Node Type'] === 'Seq Scan' || read > grownTo / 10
    const own = table !== '' && isGrowing(table) && isWhole ? [`${plan['Node Type']} of ${table}, ${read} rows`] : []
    return [...own, ...(plan.Plans ?? []).flatMap(walk)]
  }
  return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => walk(Plan)))
}
const small = new Set([
  ...staysSmall,
  'workspace',
  'access_key',
  'member',
  'invitation',
  'user',
  'stage_position',
  'table_kind',
  'lease',
  'restore_hold',
  'form_address',
  'first_run',
  'secret_mark',
  'log_epoch',
  'quarantined_batch',
  'wakeup',
  'log_entry',
])
const isGrowing = (table: string): boolean => !small.has(table) && !/^(pg_|log_verdict)/.test(table)

test('every workspace table is known to grow or to stay small', async () => {
  expect(await unclassified(stores)).toEqual([])
})

test('no list and no search reads the whole of a table that grows, whatever its filter', {
  timeout: 300_000,
}, async () => {
  const document = openApiDocument.parse((await app.inject({ url: '/v1/openapi.json' })).json())
  const faults: string[] = []
  const unasked: string[] = []
  const explainedOnce = new Set<string>()
  for (const [template, { get }] of Object.entries(document.paths)) {
    if (get === undefined) continue
    const { parameters, 'x-baton-access': access } = operation.parse(get)
    // The file of a list is all of it by nature, and asked for by the list's own statements, page by page.
    if (access.permission === undefined || figures.has(template) || template.endsWith('.csv')) continue
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
      must(
        context.ids[template.replace(/(\{id\}).*/, '$1')] ?? context.ids[name],
        `${template} is a new route: say in this test what stands for ${name}`,
      ),
    )
    const explain = async (url: string): Promise<string | null> => {
      const { status, statements, body } = await statementsOf(url)
      if (status !== 200 && status !== 400) unasked.push(`${url} answered ${status}: ${body.slice(0, 200)}`)
      for (const statement of statements) {
        const text = inOneLine(statement.sql)
        const key = `${text} ${inspect(statement.values)}`
        if (explainedOnce.has(key) || sums.some((each) => each.test(text))) continue
        explainedOnce.add(key)
        for (const fault of await faultsOf(statement)) faults.push(`GET ${url}: ${fault}\n${text}`)
      }
      return status === 200 ? nextOf(body) : null
    }
    for (const query of queriesOf(parameters.filter((each) => each.in === 'query'))) {
      const next = await explain(`${path}?${query}`)
      if (next !== null) await explain(`${path}?${query}&cursor=${encodeURIComponent(next)}`)
    }
  }
  expect(explainedOnce.size).toBeGreaterThan(100)
  expect(faults).toEqual([])
  expect(unasked).toEqual([])
})

const inOneLine = (sql: string): string => sql.trim().replace(/\s+/g, ' ')

const nextOf = (body: string): string | null => {
  const page = z.looseObject({ next: z.string().nullable() }).safeParse(body.startsWith('{') ? JSON.parse(body) : null)
  return page.data?.next ?? null
}

/** None of the filters, each alone in every sample, and the ones that are needed always. */
const queriesOf = (parameters: readonly z.infer<typeof parameter>[]): readonly string[] => {
  const sampleOf = (name: string): readonly string[] =>
    name in context.ids || name === 'ids'
      ? [must(context.ids[name === 'ids' ? 'personId' : name], 'it was made')]
      : must(samples[name], `"${name}" is a new filter: say in this test what stands for it`)
  const needed = parameters.filter((each) => each.required === true)
  const base = needed.map((each) => sampleOf(each.name).map((value) => [each.name, value] as const))
  const bases = base.reduce<readonly (readonly (readonly [string, string])[])[]>(
    (all, each) => all.flatMap((before) => each.map((pair) => [...before, pair])),
    [[]],
  )
  const optional = parameters.filter((each) => each.required !== true && each.name !== 'cursor')
  const single = optional.flatMap((each) => sampleOf(each.name).map((value) => [[each.name, value] as const]))
  const pairs = together.filter((pair) => pair.every(([name]) => optional.some((each) => each.name === name)))
  return bases.flatMap((chosen) =>
    [[], ...single, ...pairs].map((more) =>
      new URLSearchParams([...chosen, ...more].map(([name, value]) => [name, value])).toString(),
    ),
  )
}
