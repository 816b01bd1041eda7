import {
  createJourneyBody,
  type JourneyDraft,
  journey,
  journeyCounts,
  journeyCountsQuery,
  journeyDraftChanges,
  journeyList,
  journeyListQuery,
  journeyParams,
  journeyPublished,
  journeyRun,
  journeySimulation,
  journeyStepKindList,
  journeyTemplateList,
  journeyValidation,
  runList,
  runListQuery,
  runParams,
  saveJourneyBody,
  simulationRequest,
  versionPage,
  versionQuery,
} from '@baton/contract'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  type App,
  decodeCursor,
  notFound,
  type Principal,
  pageFrom,
  principalOf,
  type Routes,
  refuseOutside,
} from '../http/index.ts'
import { brandAs, type JourneyId, type PersonId, type RunId, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { galleryFor } from './gallery.ts'
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
}

const tags = ['journeys']
const cursorShape = z.tuple([z.number(), z.uuid()])
const versionCursor = z.tuple([z.int()])

export const journeysRoutes =
  (deps: JourneyRoutesDeps): Routes =>
  (app) => {
    mountGallery(app)
    mountList(app, deps)
    mountDrafting(app, deps)
    mountRunning(app, deps)
    mountRuns(app, deps)
    mountSimulation(app, deps)
    mountVersions(app, deps)
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
      items: stepKinds.map(({ kind, title, description, fields }) => ({
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

/** A draft may be unfinished: what names no phase yet is nobody else's. */
const refuseOthers = (principal: Principal, draft: JourneyDraft | undefined): void => {
  const { phases } = principal.scope
  if (typeof draft?.phase === 'string' && phases !== undefined)
    refuseOutside({ scope: { phases } }, { phase: draft.phase })
}

/** Who asks, if the journey is of a phase she answers for. */
const answerable = async (desk: JourneyRoutesDeps['desk'], request: FastifyRequest): Promise<Principal> => {
  const principal = principalOf(request)
  const { id } = journeyParams.parse(request.params)
  refuseOthers(principal, (await desk.get(principal.workspaceId, brandAs<JourneyId>(id))).draft)
  return principal
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
        response: { 200: journeyPublished },
      },
    },
    async (request) => desk.publish(await answerable(desk, request), idOf(request.params)),
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

const mountVersions = (app: App, { desk }: JourneyRoutesDeps) => {
  app.get(
    '/v1/journeys/:id/versions',
    {
      config: { access: { permission: 'workspace:read' } },
      schema: {
        tags,
        summary: 'What was published when, by whom, and what each version changed; newest first',
        params: journeyParams,
        querystring: versionQuery,
        response: { 200: versionPage },
      },
    },
    (request) => {
      const { cursor, limit } = request.query
      const before = decodeCursor(versionCursor, cursor)?.[0] ?? null
      return desk.versions(principalOf(request).workspaceId, idOf(request.params), { before, limit })
    },
  )
  app.get(
    '/v1/journeys/:id/draft-changes',
    {
      config: { access: { permission: 'workspace:read' } },
      schema: {
        tags,
        summary: 'What publishing the draft would change; null before the first publish',
        params: journeyParams,
        response: { 200: journeyDraftChanges },
      },
    },
    async (request) => ({
      changes: await desk.draftChanges(principalOf(request).workspaceId, idOf(request.params)),
    }),
  )
  app.post(
    '/v1/journeys/:id/versions/:version/restore',
    {
      config: { access: { permission: 'journeys:write' } },
      schema: {
        tags,
        summary: 'Make the draft what was published as a version',
        params: journeyParams.extend({ version: z.coerce.number().int().min(1) }),
        response: { 200: journey },
      },
    },
    async (request) => desk.restore(await answerable(desk, request), idOf(request.params), request.params.version),
  )
}

const loadRunPage = async (deps: JourneyRoutesDeps, tx: Tx, workspaceId: WorkspaceId, runId: RunId) => {
  const row = await findRun(tx, workspaceId, runId)
  if (!row) return null
  await deps.versions.load(tx, workspaceId, [row])
  return { row, trace: await readTrace(tx, workspaceId, row) }
}

const idOf = ({ id }: { readonly id: string }): JourneyId => brandAs<JourneyId>(id)

const subjectsOf = async (deps: JourneyRoutesDeps, workspaceId: WorkspaceId, personId: PersonId) =>
  (await deps.people.subjectsOf(workspaceId, [personId])).get(personId) ?? []

/** The present person of each run; a subject that is nobody's any more stands for itself. */
const personsOf = async (deps: JourneyRoutesDeps, workspaceId: WorkspaceId, rows: readonly ListedRun[]) => {
  const persons = await deps.people.personsOf(workspaceId, [...new Set(rows.map((row) => row.subjectId))])
  return (row: ListedRun): PersonId => persons.get(row.subjectId) ?? brandAs<PersonId>(row.subjectId)
}
