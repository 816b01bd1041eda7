import type { Logger } from 'pino'
import type { Routes } from '../http/index.ts'
import type { Clock } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { auditRoutes } from './audit-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { memberRoutes } from './member-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { createSignInThrottle, type SignInThrottle } from './sign-in-throttle.ts'
import { workspaceRoutes } from './workspace-routes.ts'
import type { Workspaces } from './workspaces.ts'

export interface WorkspaceRouteDeps {
  readonly postgres: Postgres
  readonly clock: Clock
  readonly log: Logger
  readonly workspaces: Workspaces
  readonly throttle: SignInThrottle
}

/** Sign-in, workspaces, members, keys, audit. */
export const workspacesRoutes = (deps: Omit<WorkspaceRouteDeps, 'throttle'>): Routes => {
  const all = { ...deps, throttle: createSignInThrottle() }
  return (app) => {
    for (const routes of [sessionRoutes, workspaceRoutes, memberRoutes, keyRoutes, auditRoutes]) routes(app, all)
  }
}
