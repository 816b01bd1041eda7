import {
  eventCatalogue,
  liveEventQuery,
  liveEvents,
  personList,
  personNames,
  personNamesQuery,
  personQuery,
  person as personSchema,
  timeline,
  timelineQuery,
} from '@baton/contract'
import { z } from 'zod'
import { decodeCursor, encodeCursor, notFound, pageFrom, principalOf, type Routes, UserError } from '../http/index.ts'
import { brandAs, dayMs, type PersonId, type Position, type WorkspaceId } from '../kernel/index.ts'
import { readCatalogue } from './event-sql.ts'
import { holderSince } from './identity-store.ts'
import type { People, PeopleDeps } from './index.ts'
import { eventsCsv, peopleCsv, timelineCsv } from './list-files.ts'
import { readLiveEvents } from './live-events.ts'
import { countPersons, findMerge, type ListedPerson, listPersons, searchPersons } from './person-list-store.ts'
import { describePerson, describePersons, titleOf } from './person-page.ts'
import { wordsOf } from './person-tokens.ts'
import { readProjected } from './projection-store.ts'
import { eventTimeline, mergeTimeline, readTimeline } from './timeline.ts'

const personParams = z.object({ personId: z.uuid() })
const listCursor = z.tuple([z.int(), z.uuid()])
const timelineCursor = z.tuple([z.int(), z.string()])
const liveCursor = z.tuple([z.int(), z.int()])
const catalogueDays = 90

export const peopleRoutes =
  (people: People, deps: PeopleDeps): Routes =>
  (app) => {
    const { postgres, clickhouse } = deps
    const pageDeps = { postgres, clickhouse, lenses: people.lenses }

    const listed = async (workspaceId: WorkspaceId, query: z.output<typeof personQuery>) => {
      const key = decodeCursor(listCursor, query.cursor)
      const after: ListedPerson | null = key ? { firstSeenAt: key[0], personId: brandAs<PersonId>(key[1]) } : null
      const page = { after, limit: query.limit + 1 }
      const words = wordsOf(query.search ?? '')
      if (query.search && words.length === 0) return { rows: [], total: 0 }
      return postgres.inWorkspace(workspaceId, async (tx) => ({
        rows:
          words.length > 0
            ? await searchPersons(tx, workspaceId, words, page)
            : await listPersons(tx, workspaceId, page),
        total: await countPersons(tx, workspaceId),
      }))
    }

    app.get(
      '/v1/people',
      {
        config: { access: { permission: 'people:read' }, csv: peopleCsv },
        schema: {
          summary: 'People, newest first; by search, segment or life-cycle state',
          querystring: personQuery,
          response: { 200: personList },
        },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const { query } = request
        const of = query.segmentId
          ? { segmentId: query.segmentId }
          : query.track && query.state
            ? { track: query.track, state: query.state }
            : null
        if (of && people.lenses.membersOf) {
          const members = await people.lenses.membersOf(workspaceId, of, { cursor: query.cursor, limit: query.limit })
          const items = await describePersons(pageDeps, workspaceId, members.persons)
          return { items: [...items], next: members.next, total: members.total }
        }
        const { rows, total } = await listed(workspaceId, query)
        const page = pageFrom(
          rows,
          query.limit,
          (row) => [row.firstSeenAt, row.personId],
          (row) => row.personId,
        )
        return { items: [...(await describePersons(pageDeps, workspaceId, page.items))], next: page.next, total }
      },
    )

    app.get(
      '/v1/people/names',
      {
        config: { access: { permission: 'people:read' } },
        schema: {
          summary: 'What people are called, by their ids',
          querystring: personNamesQuery,
          response: { 200: personNames },
        },
      },
      async (request) => {
        const wanted = request.query.ids.map((each) => brandAs<PersonId>(each))
        const found = await people.get(principalOf(request).workspaceId, wanted)
        return { items: [...found.values()].map((facts) => ({ personId: facts.personId, title: titleOf(facts) })) }
      },
    )

    app.get(
      '/v1/people/:personId',
      {
        config: { access: { permission: 'people:read' } },
        schema: {
          summary: 'One person: identifiers, traits, states, segments, orders',
          params: personParams,
          response: { 200: personSchema },
        },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const found = await describePerson(pageDeps, workspaceId, brandAs<PersonId>(request.params.personId))
        if (!found) throw notFound('person')
        return found
      },
    )

    app.get(
      '/v1/people/:personId/timeline',
      {
        config: { access: { permission: 'people:read' }, csv: timelineCsv },
        schema: {
          summary: 'Everything that happened to one person, newest first',
          params: personParams,
          querystring: timelineQuery,
          response: { 200: timeline },
        },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const personId = brandAs<PersonId>(request.params.personId)
        const facts = (await people.get(workspaceId, [personId])).get(personId)
        if (!facts) throw notFound('person')
        const wanted = request.query.kinds?.split(',')
        const all = [eventTimeline(deps), mergeTimeline(deps), ...people.timelineSources]
        const sources = wanted ? all.filter((source) => wanted.includes(source.kind)) : all
        const key = decodeCursor(timelineCursor, request.query.cursor)
        const { limit } = request.query
        const items = await readTimeline(sources, workspaceId, facts, {
          after: key ? { at: key[0], id: key[1] } : null,
          limit: limit + 1,
        })
        return pageFrom(
          items,
          limit,
          (item) => [item.at, item.id],
          (item) => item,
        )
      },
    )

    app.post(
      '/v1/merges/:mergeId/undo',
      {
        config: { access: { permission: 'people:write' } },
        schema: {
          summary: 'Undo a merge of two persons',
          params: z.object({ mergeId: z.uuid() }),
          response: { 202: z.object({ mergeId: z.uuid() }) },
        },
      },
      async (request, reply) => {
        const { workspaceId, actor } = principalOf(request)
        const { mergeId } = request.params
        const { merge, holder } = await postgres.inWorkspace(workspaceId, async (tx) => ({
          merge: await findMerge(tx, workspaceId, mergeId),
          holder: await holderSince(tx, workspaceId, mergeId),
        }))
        if (!merge) throw notFound('merge')
        if (merge.undoneAt !== null)
          throw new UserError('conflict', 'This merge was undone before.', { remedy: 'Reload the page.' })
        if (holder !== null)
          throw new UserError('conflict', 'The person this merge made was merged again since.', {
            remedy: `Undo the later merge first: it is listed at the person ${holder}.`,
          })
        await people.undoMerge(workspaceId, merge, actor)
        return reply.code(202).send({ mergeId: merge.mergeId })
      },
    )

    app.get(
      '/v1/events',
      {
        config: { access: { permission: 'people:read' }, csv: eventsCsv },
        schema: {
          summary: 'The newest events as they were sent, with what became of each',
          querystring: liveEventQuery,
          response: { 200: liveEvents },
        },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const { cursor, limit, ...filter } = request.query
        const key = decodeCursor(liveCursor, cursor)
        const before = key ? { position: brandAs<Position>(key[0]), index: key[1] } : null
        const { items, next } = await readLiveEvents(postgres, workspaceId, { before, limit, filter })
        return { items: [...items], next: next ? encodeCursor([next.position, next.index]) : null }
      },
    )

    app.get(
      '/v1/event-names',
      {
        config: { access: { permission: 'workspace:read' } },
        schema: {
          summary: 'Names of events, properties and traits seen in the last 90 days',
          response: { 200: eventCatalogue },
        },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const { batch } = await postgres.inWorkspace(workspaceId, (tx) => readProjected(tx, workspaceId))
        const since = (await deps.domainNow(workspaceId)) - catalogueDays * dayMs
        return readCatalogue(clickhouse, workspaceId, { since, batch })
      },
    )
  }
