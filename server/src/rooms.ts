import { hkdfSync } from 'node:crypto'
import type { Logger } from 'pino'
import { channelsRoutes, createChannels, createEgress, createSecretBox } from './channels/index.ts'
import { collectRoutes, createCollect } from './collect/index.ts'
import type { Config } from './config.ts'
import { createContent, createRenderPool } from './content/index.ts'
import type { Routes } from './http/index.ts'
import type { Stage } from './jobs/index.ts'
import { type Clock, OperatorError } from './kernel/index.ts'
import { createMessages, type Messages, messagesRoutes } from './messages/index.ts'
import { createPeople, peopleRoutes } from './people/index.ts'
import { createPlanning, planningRoutes } from './planning/index.ts'
import { createPolicy, createPolicyStage, type Policy, policyRoutes, type StandingSource } from './policy/index.ts'
import type { Stores } from './stores/index.ts'
import { createWorkspaces, type Workspaces, workspacesRoutes } from './workspaces/index.ts'

/** Every room, made once and connected: where an upper room's interface is answered by a lower one. */
export interface Rooms {
  readonly workspaces: Workspaces
  readonly policy: Policy
  readonly messages: Messages
  readonly stages: readonly Stage[]
  /** The hot path of collect. */
  readonly bareRoutes: readonly Routes[]
  readonly routes: readonly Routes[]
  /** Chores at the start of a worker and once a day. */
  readonly tend: () => Promise<void>
  /** Lets go of connections to the outside. */
  readonly close: () => Promise<void>
}

export const createRooms = async (deps: {
  readonly stores: Pick<Stores, 'postgres' | 'clickhouse'>
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
}): Promise<Rooms> => {
  const { stores, config, clock, log } = deps
  const { postgres, clickhouse } = stores
  const { secret, publicUrl } = config
  if (secret === null)
    throw new OperatorError('BATON_SECRET is not set. Give all processes the same one, of 32 characters or more.')

  const workspaces = await createWorkspaces({ postgres, clickhouse: stores.clickhouse, clock, log, publicUrl, secret })
  const { domainNow } = workspaces
  const collect = createCollect({ postgres, clock })
  const peopleDeps = {
    postgres,
    clickhouse,
    collect,
    domainNow,
    currencyOf: async (id: Parameters<typeof domainNow>[0]) => (await workspaces.get(id)).currency,
  }
  const people = createPeople(peopleDeps)
  const standing: StandingSource = { statesOf: async () => new Map() }
  const policy = createPolicy({ postgres, people, workspaces, standing })
  const planning = createPlanning({ postgres, clock, workspaces })
  const channels = createChannels({
    postgres,
    clock,
    workspaces,
    egress: createEgress({ allow: config.egressAllow }),
    secrets: createSecretBox(secret),
  })
  const content = createContent({ postgres, clock, workspaces, pool: createRenderPool() })
  const messages = createMessages({
    postgres,
    clock,
    collect,
    people,
    workspaces,
    standing,
    policy,
    content,
    channels,
    liveness: { check: async () => new Map() },
    publicUrl,
    linkKey: Buffer.from(hkdfSync('sha256', secret, '', 'links in messages', 32)),
  })
  people.timelineSources.push(messages.timeline)

  return {
    workspaces,
    policy,
    messages,
    stages: [...people.stages, createPolicyStage({ postgres, clock, feed: people.feed }), messages.stage],
    bareRoutes: [
      collectRoutes({
        writer: collect.writer,
        findWriteKey: async (key) => {
          const found = await workspaces.findKey(key)
          return found?.kind === 'write' ? found : null
        },
      }),
    ],
    routes: [
      workspacesRoutes({ postgres, clock, log, workspaces }),
      peopleRoutes(people, peopleDeps),
      planningRoutes({ planning, postgres }),
      policyRoutes(policy),
      channelsRoutes({ channels, postgres }),
      messagesRoutes({ messages, postgres, people }),
    ],
    tend: async () => {
      await collect.tendPartitions()
      await workspaces.emptyClosed()
    },
    close: async () => {
      await channels.close()
      await content.close()
    },
  }
}
