import type { Logger } from 'pino'
import { collectRoutes, createCollect } from './collect/index.ts'
import type { Config } from './config.ts'
import type { Routes } from './http/index.ts'
import type { Stage } from './jobs/index.ts'
import { type Clock, OperatorError } from './kernel/index.ts'
import type { Stores } from './stores/index.ts'
import { createWorkspaces, type Workspaces, workspacesRoutes } from './workspaces/index.ts'

/** Every room, made once and connected: where an upper room's interface is answered by a lower one. */
export interface Rooms {
  readonly workspaces: Workspaces
  readonly stages: readonly Stage[]
  /** The hot path of collect. */
  readonly bareRoutes: readonly Routes[]
  readonly routes: readonly Routes[]
  /** Chores at the start of a worker and once a day. */
  readonly tend: () => Promise<void>
}

export const createRooms = async (deps: {
  readonly stores: Pick<Stores, 'postgres' | 'clickhouse'>
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
}): Promise<Rooms> => {
  const { stores, config, clock, log } = deps
  const { postgres } = stores
  const { secret, publicUrl } = config
  if (secret === null)
    throw new OperatorError('BATON_SECRET is not set. Give all processes the same one, of 32 characters or more.')
  const workspaces = await createWorkspaces({ postgres, clock, log, publicUrl, secret })
  const collect = createCollect({ postgres, clock })
  return {
    workspaces,
    stages: [],
    bareRoutes: [
      collectRoutes({
        writer: collect.writer,
        findWriteKey: async (key) => {
          const found = await workspaces.findKey(key)
          return found?.kind === 'write' ? found : null
        },
      }),
    ],
    routes: [workspacesRoutes({ postgres, clock, log, workspaces })],
    tend: async () => {
      await collect.tendPartitions()
      await workspaces.emptyClosed()
    },
  }
}
