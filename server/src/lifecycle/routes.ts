import {
  flowQuery,
  lifeCycleDefinition,
  lifeCycleDefinitionView,
  lifeCycleFlows,
  lifeCycleView,
  lostAfter,
  lostAfterView,
  neededTraits,
  personLifeCycle,
  statePeople,
  statePeopleQuery,
} from '@baton/contract'
import { z } from 'zod'
import { decodeCursor, encodeCursor, notFound, principalOf, type Routes } from '../http/index.ts'
import { brandAs, type PersonId } from '../kernel/index.ts'
import { emailOf, type People, titleOf } from '../people/index.ts'
import type { LifeCycle } from './life-cycle.ts'

const personCursor = z.tuple([z.uuid()])

export const lifeCycleRoutes =
  ({ lifeCycle, people }: { lifeCycle: LifeCycle; people: Pick<People, 'get'> }): Routes =>
  (app) => {
    app.get(
      '/v1/life-cycle',
      {
        config: { access: { permission: 'workspace:read' } },
        schema: { summary: 'The three tracks with how many people stand where', response: { 200: lifeCycleView } },
      },
      async (request) => lifeCycle.view(principalOf(request).workspaceId),
    )

    app.get(
      '/v1/life-cycle/flows',
      {
        config: { access: { permission: 'money:read', reach: 'firm' } },
        schema: {
          summary: 'Who stood where at one time and where at a later one, with their revenue to date',
          querystring: flowQuery,
          response: { 200: lifeCycleFlows },
        },
      },
      async (request) => [...(await lifeCycle.flows(principalOf(request).workspaceId, request.query))],
    )

    app.get(
      '/v1/life-cycle/definition',
      {
        config: { access: { permission: 'workspace:read' } },
        schema: { summary: 'Tracks, states and their rules', response: { 200: lifeCycleDefinitionView } },
      },
      async (request) => lifeCycle.definition(principalOf(request).workspaceId),
    )

    app.put(
      '/v1/life-cycle/definition',
      {
        config: { access: { permission: 'segments:write', reach: 'operation' } },
        schema: {
          summary: 'Change the tracks: a new version, counted for everybody and then swapped in',
          body: lifeCycleDefinition,
          response: { 200: lifeCycleDefinitionView },
        },
      },
      async (request) => {
        const { workspaceId, actor } = principalOf(request)
        return lifeCycle.redefine(workspaceId, request.body, actor)
      },
    )

    app.get(
      '/v1/life-cycle/lost-after',
      {
        config: { access: { permission: 'workspace:read' } },
        schema: {
          summary: 'After how long without an order somebody is lost, and the gaps between orders to choose it by',
          response: { 200: lostAfterView },
        },
      },
      async (request) => lifeCycle.lostAfter(principalOf(request).workspaceId),
    )

    app.put(
      '/v1/life-cycle/lost-after',
      {
        config: { access: { permission: 'segments:write', reach: 'operation' } },
        schema: {
          summary: 'Choose it: everybody is counted again by the new number of days',
          body: lostAfter,
          response: { 200: lifeCycleDefinitionView },
        },
      },
      async (request) => {
        const { workspaceId, actor } = principalOf(request)
        return lifeCycle.loseAfter(workspaceId, request.body.lostAfterDays, actor)
      },
    )

    app.put(
      '/v1/life-cycle/needed-traits',
      {
        config: { access: { permission: 'segments:write', reach: 'operation' } },
        schema: {
          summary: 'Choose the traits of which Known needs four fifths: everybody is counted again',
          body: neededTraits,
          response: { 200: lifeCycleDefinitionView },
        },
      },
      async (request) => {
        const { workspaceId, actor } = principalOf(request)
        return lifeCycle.needTraits(workspaceId, request.body.neededTraits, actor)
      },
    )

    app.get(
      '/v1/life-cycle/people',
      {
        config: { access: { permission: 'people:read' } },
        schema: { summary: 'People in a state', querystring: statePeopleQuery, response: { 200: statePeople } },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const { track, state, cursor, limit, atRisk } = request.query
        const after = decodeCursor(personCursor, cursor)
        const rows = await lifeCycle.peopleIn(
          workspaceId,
          { track, state, atRisk: atRisk === undefined ? null : atRisk === 'true' },
          { after: after === null ? null : brandAs<PersonId>(after[0]), limit: limit + 1 },
        )
        const shown = rows.slice(0, limit)
        const facts = await people.get(
          workspaceId,
          shown.map(({ personId }) => personId),
        )
        const last = shown.at(-1)
        return {
          items: shown.flatMap(({ personId, since, until, atRisk: risks }) => {
            const person = facts.get(personId)
            if (person === undefined) return []
            return [
              {
                personId,
                label: titleOf(person),
                email: emailOf(person),
                since,
                atRiskUntil: risks ? until : null,
              },
            ]
          }),
          next: rows.length > limit && last !== undefined ? encodeCursor([last.personId]) : null,
        }
      },
    )

    app.get(
      '/v1/people/:personId/life-cycle',
      {
        config: { access: { permission: 'people:read' } },
        schema: {
          summary: 'Where one person stands, since when, why, and what the next state needs',
          params: z.object({ personId: z.uuid() }),
          response: { 200: personLifeCycle },
        },
      },
      async (request) => {
        const { workspaceId } = principalOf(request)
        const found = await lifeCycle.person(workspaceId, brandAs<PersonId>(request.params.personId))
        if (found === null) throw notFound('person')
        return found
      },
    )
  }
