import { Readable } from 'node:stream'
import { byteOrderMark, type CsvCell, csvLine, type Permission } from '@baton/contract'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { z } from 'zod'
import { type App, principalOf } from './access.ts'
import { refuseWithout, type Who } from './authenticate.ts'

/** How the rows of a list stand in a file. */
export interface CsvOfList {
  /** Names the file, and the list in the audit. */
  readonly name: string
  readonly permission: Permission
  readonly header: readonly string[]
  readonly cellsOf: (row: unknown) => readonly CsvCell[]
}

/**
 * To be named in a list route's `config.csv`: its address with `.csv` at the end then gives the whole list as a file,
 * under the same filters. Taking customers out needs the permission for it, besides the list's own.
 */
export const csvOf = <Item extends z.ZodType>(
  name: string,
  item: Item,
  columns: Readonly<Record<string, (row: z.output<Item>) => CsvCell>>,
  permission: Permission = 'personal-data:export',
): CsvOfList => ({
  name,
  permission,
  header: Object.keys(columns),
  cellsOf: (row) => {
    const known = item.parse(row)
    return Object.values(columns).map((cellOf) => cellOf(known))
  },
})

/** For columns of instants. */
export const isoTime = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/** As an answer's schema: a file, not JSON. It is sent as a stream, which no schema touches. */
const csvAnswer = { content: { 'text/csv': { schema: z.string() } } } as const

const rowsAPage = 1000

/** Adds the twin of every list route that says how its rows stand in a file. */
export const mountCsvTwins = (kit: App, who: Pick<Who, 'tookOut'>): void => {
  kit.addHook('onRoute', function addTwin(this: App, route) {
    const { csv, access } = route.config ?? {}
    if (csv === undefined || access === undefined || !('permission' in access) || route.method !== 'GET') return
    this.route({
      method: 'GET',
      url: `${route.url}.csv`,
      exposeHeadRoute: false,
      config: { access: { ...access, permission: csv.permission } },
      schema: schemaOfTwin(csv, route.schema),
      handler: async (request, reply) => {
        refuseWithout(access, principalOf(request))
        const readPage = (cursor: string | undefined) => askList(route, request, reply, cursor)
        const first = await readPage(undefined)
        await who.tookOut(principalOf(request), { list: csv.name, path: request.url.split('?', 1)[0] ?? '' })
        return reply
          .header('content-disposition', `attachment; filename="${csv.name}.csv"`)
          .type('text/csv; charset=utf-8')
          .send(Readable.from(linesOf(csv, first, readPage)))
      },
    })
  })
}

const pageOfRows = z.object({ items: z.array(z.unknown()), next: z.string().nullable() })
type PageOfRows = z.output<typeof pageOfRows>

const schemaOfTwin = (
  { name }: CsvOfList,
  { response: _json, ...asked }: NonNullable<RouteOptions['schema']> = {},
): NonNullable<RouteOptions['schema']> => ({
  ...asked,
  summary: `${asked.summary ?? name}: the whole list as CSV, whatever the limit`,
  response: { 200: csvAnswer },
})

/** The list's own handler, asked for one page after the other: filters, scope and walls are the same by construction. */
const askList = async (
  route: RouteOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  cursor: string | undefined,
): Promise<PageOfRows> => {
  const asked = typeof request.query === 'object' && request.query !== null ? request.query : {}
  const query = { ...asked, limit: rowsAPage, ...(cursor === undefined ? {} : { cursor }) }
  const paged: FastifyRequest = Object.create(request, { query: { value: query } })
  return pageOfRows.parse(await route.handler.call(request.server, paged, reply))
}

/** One string a page, made when the reader has taken the one before: a million rows need no more memory than a thousand. */
async function* linesOf(
  csv: CsvOfList,
  first: PageOfRows,
  readPage: (cursor: string) => Promise<PageOfRows>,
): AsyncGenerator<string> {
  yield `${byteOrderMark}${csvLine(csv.header)}\r\n`
  for (let page = first; ; page = await readPage(page.next)) {
    if (page.items.length > 0) yield page.items.map((row) => `${csvLine(csv.cellsOf(row))}\r\n`).join('')
    if (page.next === null) return
  }
}
