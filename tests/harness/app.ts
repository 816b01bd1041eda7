import type { Role, Scope } from '@baton/contract'
import pino from 'pino'
import { afterAll } from 'vitest'

import { type App, createHttpServer, type DeclaredRoute, type Routes } from '../../server/src/http/index.ts'
import { type Clock, must, systemClock, type WorkspaceId } from '../../server/src/kernel/index.ts'
import {
  createWorkspaces,
  makeKey,
  type WorkspaceEmptier,
  type WorkspaceHook,
  type Workspaces,
  workspacesRoutes,
} from '../../server/src/workspaces/index.ts'
import { checkEveryAnswer } from './answers.ts'
import type { TestStores } from './stores.ts'

export interface TestAppOptions {
  readonly clock?: Clock
  readonly rooms?: readonly Routes[]
  readonly bareRooms?: readonly Routes[]
  readonly publicUrl?: string
  readonly onWorkspaceCreated?: readonly WorkspaceHook[]
  readonly emptiers?: readonly WorkspaceEmptier[]
}

export interface TestApp {
  readonly app: App
  readonly routes: readonly DeclaredRoute[]
  readonly workspaces: Workspaces
  /** Headers of an API key with that role: the shortest way to call a route as somebody. */
  as(workspaceId: WorkspaceId, role: Role, scope?: Scope): Promise<{ readonly authorization: string }>
}

export const testPassword = 'a few words do well'

/** The HTTP of Baton over a file's own stores, with sign-in and workspaces mounted, and whatever rooms are given. */
export const testApp = async (stores: TestStores, options: TestAppOptions = {}): Promise<TestApp> => {
  const { clock = systemClock, publicUrl = 'http://127.0.0.1:4400', onWorkspaceCreated = [], emptiers = [] } = options
  const { postgres, clickhouse } = stores
  const log = pino({ level: 'silent' })
  const secret = 'a secret of thirty-two characters or more'
  const workspaces = await createWorkspaces({
    postgres,
    clickhouse,
    clock,
    log,
    publicUrl,
    secret,
    onWorkspaceCreated,
    emptiers,
  })
  const deps = { postgres, clock, log, workspaces }
  const { app, routes } = await createHttpServer({
    log,
    publicUrl,
    version: 'test',
    who: workspaces.who,
    rooms: [workspacesRoutes(deps), ...(options.rooms ?? [])],
    bareRooms: options.bareRooms ?? [],
  })
  checkEveryAnswer(app)
  afterAll(() => app.close())
  return {
    app,
    routes,
    workspaces,
    as: async (workspaceId, role, scope = {}) => {
      const { key } = await makeKey(deps, { workspaceId, actor: 'system' }, { kind: 'api', name: role, role, scope })
      return { authorization: `Bearer ${key}` }
    },
  }
}

/** The Cookie header a browser would send after that answer. */
export const cookieOf = (answer: { readonly headers: Readonly<Record<string, unknown>> }): string =>
  [answer.headers['set-cookie']]
    .flat()
    .map((line) => must(String(line).split(';', 1)[0], 'a split has a first part'))
    .join('; ')

/** Makes the first user and, unless one is there, a workspace; gives her session. */
export const firstUser = async (
  { app, workspaces }: Pick<TestApp, 'app' | 'workspaces'>,
  workspace = { name: 'Toys', currency: 'EUR', timeZone: 'Europe/Madrid' },
): Promise<{ readonly cookie: string; readonly workspaceId: WorkspaceId }> => {
  const token = must(await workspaces.firstRunToken(), 'nobody can sign in yet')
  const person = { name: 'Ann', email: 'ann@example.com', password: testPassword }
  const answer = await app.inject({ method: 'POST', url: '/v1/first-run', payload: { token, ...person, workspace } })
  const made = (await workspaces.list()).find((each) => each.name === workspace.name)
  return { cookie: cookieOf(answer), workspaceId: must(made, 'the first run made it').workspaceId }
}
