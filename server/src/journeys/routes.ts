import {
  createJourneyBody,
  journey,
  journeyCounts,
  journeyCountsQuery,
  journeyList,
  journeyListQuery,
  journeyParams,
  journeyPublished,
  journeyRun,
  journeySimulation,
  journeyStepKindList,
  journeyTemplateList,
  journeyValidation,
  publishJourneyBody,
  runList,
  runListQuery,
  runParams,
  saveJourneyBody,
  simulationRequest,
} from '@baton/contract'
import { z } from 'zod'
import { type App, decodeCursor, notFound, pageFrom, principalOf, type Routes } from '../http/index.ts'
import { brandAs, type PersonId, type RunId, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { mountArchive } from './archive-routes.ts'
import { galleryFor } from './gallery.ts'
import { answerable, idOf, refuseOthers } from './journey-access.ts'
import type { JourneyArchive } from './journey-archive.ts'
import type { JourneyDesk } from './journey-desk.ts'
import { listJourneys } from './journey-store.ts'
import { toSummary } from './journey-view.ts'
import type { PeoplePort } from './ports.ts'
import { toRunPage, toRunSummary } from './run-page.ts'
import { findRun, type ListedRun, listRuns, readTrace } from './run-page-store.ts'
import { runsCsv } from './runs-file.ts'
import type { SimulateJourney } from './simulation.ts'
import { stepKinds } from './steps/index.ts'
import type { VersionCache } from './version-cache.ts'

export interface JourneyRoutesDeps {
  readonly postgres: Postgres
  readonly desk: JourneyDesk
  readonly versions: VersionCache
  readonly people: PeoplePort
  readonly simulation: SimulateJourney
  readonly archive: JourneyArchive
}

const tags = ['journeys']
const cursorShape = z.tuple([z.number(), z.uuid()])

export const journeysRoutes =
  (deps: JourneyRoutesDeps): Routes =>
  (app) => {
    mountGallery(app)
    mountList(app, deps)
    mountDrafting(app, deps)
    mountRunning(app, deps)
    mountRuns(app, deps)
    mountSimulation(app, deps)
    mountArchive(app, deps)
  }

const mountGallery = (app: App) => {
  app.get(
    '/v1/journey-templates',
    {
      config: { access: { permission: 'workspace:read' } },
      schema: { tags, summary: 'Journeys to start from', response: { 200: journeyTemplateList } },
    },
    (request) => ({ items: [...galleryFor(principalOf(request).workspaceId)] }),
  )
  app.get(
    '/v1/journey-step-kinds',
    {
      config: { access: { permission: 'workspace:read' } },
      schema: { tags, summary: 'Kinds of steps and their fields', response: { 200: journeyStepKindList } },
    },
    () => ({
      items: Object.values(stepKinds).map(({ kind, title, description, fields }) => ({
        kind,
        title,
        description,
        fields: [...fields],
      })),
    }),
  )
}

const mountList = (app: App, { postgres }: JourneyRoutesDeps) => {
  app.get(
    '/v1/journeys',
    {
      config: { access: { permission: 'workspace:read' } },
      schema: {
        tags,
        summary: 'Journeys, last changed first',
        querystring: journeyListQuery,
        response: { 200: journeyList },
      },
    },
    (request) => {
      const { workspaceId } = principalOf(request)
      const { cursor, limit, status = null, search = null } = request.query
      const after = decodeCursor(cursorShape, cursor)
      return postgres.inWorkspace(workspaceId, async (tx) =>
        pageFrom(
          await listJourneys(tx, workspaceId, { status, search, after, limit: limit + 1 }),
          limit,
          (row) => [row.updatedAt, row.journeyId],
          toSummary,
        ),
      )
    },
  )
}

const mountDrafting = (app: App, { desk }: JourneyRoutesDeps) => {
  app.post(
    '/v1/journeys',
    {
      config: { access: { permission: 'journeys:write' } },
      schema: {
        tags,
        summary: 'Make a journey, empty, from a draft or from a template',
        body: createJourneyBody,
        response: { 201: journey },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request)
      const { draft, template } = request.body
      refuseOthers(principal, draft ?? galleryFor(principal.workspaceId).find(({ key }) => key === template)?.draft)
      return reply.code(201).send(await desk.create(principal, request.body))
    },
  )
  app.get(
    '/v1/journeys/:id',
    {
      config: { access: { permission: 'workspace:read' } },
      schema: { tags, summary: 'A journey with its draft', params: journeyParams, response: { 200: journey } },
    },
    (request) => desk.get(principalOf(request).workspaceId, idOf(request.params)),
  )
  app.put(
    '/v1/journeys/:id',
    {
      config: { access: { permission: 'journeys:write' } },
      schema: {
        tags,
        summary: 'Save the draft; it may be unfinished',
        params: journeyParams,
        body: saveJourneyBody,
        response: { 200: journey },
      },
    },
    async (request) => {
      const principal = await answerable(desk, request)
      refuseOthers(principal, request.body.draft)
      return desk.save(principal, idOf(request.params), request.body)
    },
  )
}

const mountRunning = (app: App, { desk }: JourneyRoutesDeps) => {
  app.post(
    '/v1/journeys/:id/validate',
    {
      config: { access: { permission: 'workspace:read' } },
      schema: {
        tags,
        summary: 'What keeps the draft from being published, and what publishing it means for people inside',
        params: journeyParams,
        response: { 200: journeyValidation },
      },
    },
    async (request) => {
      const { problems, impact } = await desk.validate(principalOf(request).workspaceId, idOf(request.params))
      return { problems: [...problems], impact }
    },
  )
  app.post(
    '/v1/journeys/:id/publish',
    {
      config: { access: { permission: 'journeys:write' } },
      schema: {
        tags,
        summary: 'Publish the draft as a new version and let people in',
        params: journeyParams,
        body: publishJourneyBody,
        response: { 200: journeyPublished },
      },
    },
    async (request) => desk.publish(await answerable(desk, request), idOf(request.params), request.body ?? {}),
  )
  const moves = [
    ['pause', 'Let nobody in and hold messages', desk.pause],
    ['resume', 'Go on after a pause', desk.resume],
    ['stop', 'End it for everybody inside', desk.stop],
  ] as const
  for (const [verb, summary, move] of moves)
    app.post(
      `/v1/journeys/:id/${verb}`,
      {
        config: { access: { permission: 'journeys:write' } },
        schema: { tags, summary, params: journeyParams, response: { 200: journey } },
      },
      async (request) => move(await answerable(desk, request), idOf(request.params)),
    )
  app.get(
    '/v1/journeys/:id/counts',
    {
      config: { access: { permission: 'workspace:read' } },
      schema: {
        tags,
        summary: 'How many entered, wait and left, in all and by step',
        params: journeyParams,
        querystring: journeyCountsQuery,
        response: { 200: journeyCounts },
      },
    },
    (request) => desk.counts(principalOf(request).workspaceId, idOf(request.params), request.query.version ?? null),
  )
}

const mountRuns = (app: App, deps: JourneyRoutesDeps) => {
  app.get(
    '/v1/journeys/:id/runs',
    {
      config: { access: { permission: 'people:read' }, csv: runsCsv },
      schema: {
        tags,
        summary: 'The runs of a journey, newest entry first',
        params: journeyParams,
        querystring: runListQuery,
        response: { 200: runList },
      },
    },
    async (request) => {
      const { workspaceId } = principalOf(request)
      const { cursor, limit, step = null, measure = null, state = null, version = null, personId } = request.query
      const after = decodeCursor(cursorShape, cursor)
      const subjects = personId === undefined ? null : await subjectsOf(deps, workspaceId, brandAs(personId))
      const rows = await deps.postgres.inWorkspace(workspaceId, (tx) =>
        listRuns(tx, workspaceId, {
          journeyId: idOf(request.params),
          step,
          measure,
          state,
          version,
          subjects,
          after,
          limit,
        }),
      )
      const persons = await personsOf(deps, workspaceId, rows)
      return pageFrom(
        rows,
        limit,
        (row) => [row.enteredAt, row.runId],
        (row) => toRunSummary(row, persons(row)),
      )
    },
  )
  app.get(
    '/v1/runs/:id',
    {
      config: { access: { permission: 'people:read' } },
      schema: {
        tags,
        summary: 'One run with every step and what arrived late',
        params: runParams,
        response: { 200: journeyRun },
      },
    },
    async (request) => {
      const { workspaceId } = principalOf(request)
      const found = await deps.postgres.inWorkspace(workspaceId, (tx) =>
        loadRunPage(deps, tx, workspaceId, brandAs(request.params.id)),
      )
      if (!found) throw notFound('run')
      const persons = await personsOf(deps, workspaceId, [found.row])
      return toRunPage(found.row, persons(found.row), deps.versions.get(found.row), found.trace)
    },
  )
}

const mountSimulation = (app: App, { simulation }: JourneyRoutesDeps) => {
  app.post(
    '/v1/journeys/:id/simulation',
    {
      config: { access: { permission: 'people:read' } },
      schema: {
        tags,
        summary:
          'Try the draft or a version out on one person at any time: her path, what would be sent when, and why not',
        params: journeyParams,
        body: simulationRequest,
        response: { 200: journeySimulation },
      },
    },
    (request) => simulation(principalOf(request).workspaceId, idOf(request.params), request.body),
  )
}

const loadRunPage = async (deps: JourneyRoutesDeps, tx: Tx, workspaceId: WorkspaceId, runId: RunId) => {
  const row = await findRun(tx, workspaceId, runId)
  if (!row) return null
  await deps.versions.load(tx, workspaceId, [row])
  return { row, trace: await readTrace(tx, workspaceId, row) }
}

const subjectsOf = async (deps: JourneyRoutesDeps, workspaceId: WorkspaceId, personId: PersonId) =>
  (await deps.people.subjectsOf(workspaceId, [personId])).get(personId) ?? []

/** The present person of each run; a subject that is nobody's any more stands for itself. */
const personsOf = async (deps: JourneyRoutesDeps, workspaceId: WorkspaceId, rows: readonly ListedRun[]) => {
  const persons = await deps.people.personsOf(workspaceId, [...new Set(rows.map((row) => row.subjectId))])
  return (row: ListedRun): PersonId => persons.get(row.subjectId) ?? brandAs<PersonId>(row.subjectId)
}
