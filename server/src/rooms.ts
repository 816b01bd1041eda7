import { hkdfSync } from 'node:crypto'
import type { Logger } from 'pino'
import { channelsRoutes, createChannels, createEgress, createSecretBox } from './channels/index.ts'
import { type Collect, collectRoutes, createCollect, createImports, importRoutes } from './collect/index.ts'
import type { Config } from './config.ts'
import { contentRoutes, createContent, createRenderPool, formsRoutes } from './content/index.ts'
import { createEquity, type Equity, equityRoutes, personValueRoutes } from './equity/index.ts'
import type { Routes } from './http/index.ts'
import { dropQuarantinedItems, holdWorkers, type Stage } from './jobs/index.ts'
import { createJourneys, type Journeys, journeyPorts } from './journeys/index.ts'
import { type Clock, OperatorError } from './kernel/index.ts'
import {
  createLifeCycle,
  followMasks,
  type LifeCycle,
  lifeCycleRoutes,
  statesForPolicy,
  timelineOfMoves,
} from './lifecycle/index.ts'
import { createHome, homeRoutes } from './measure/index.ts'
import { createMessages, inboundRoutes, type Messages, messagesRoutes, publicRoutes } from './messages/index.ts'
import {
  createPeople,
  type People,
  type PersonLenses,
  peopleRoutes,
  type RebuildDeps,
  type RebuildOutcome,
  rebuildProjection,
} from './people/index.ts'
import { peopleByPhase, personLenses } from './person-lenses.ts'
import { createPlanning, planningRoutes } from './planning/index.ts'
import { createPolicy, createPolicyStage, type Policy, policyRoutes, type StandingSource } from './policy/index.ts'
import { createErasures, type Erasures, keepTombstones, privacyRoutes } from './privacy/index.ts'
import { createSegmentDesk, createSegments, type Segments, segmentRoutes, segmentTimeline } from './segments/index.ts'
import type { Stores } from './stores/index.ts'
import { createWorkspaces, type Workspaces, workspacesRoutes } from './workspaces/index.ts'

/** Every room, made once and connected: where an upper room's interface is answered by a lower one. */
export interface Rooms {
  readonly workspaces: Workspaces
  readonly collect: Collect
  readonly people: People
  readonly policy: Policy
  readonly segments: Segments
  readonly lifeCycle: LifeCycle
  readonly journeys: Journeys
  readonly messages: Messages
  readonly equity: Equity
  readonly erasures: Erasures
  readonly stages: readonly Stage[]
  /** The hot path of collect. */
  readonly bareRoutes: readonly Routes[]
  readonly routes: readonly Routes[]
  /** Makes ClickHouse anew from the log; goes on where it was when it is stopped and called again. */
  readonly rebuild: (options: Pick<RebuildDeps, 'signal' | 'progress'>) => Promise<RebuildOutcome>
  /** Chores at the start of a worker and once a day. */
  readonly tend: () => Promise<void>
  /** Daily, beside the work: puts what the stores hold closer together. */
  readonly gather: () => Promise<void>
  /** Lets go of connections to the outside. */
  readonly close: () => Promise<void>
}

/** What erased people's identifiers are hashed with: the same as long as the installation keeps its secret. */
export const tombstoneKeyOf = (secret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', 'tombstones of erased people', 32))

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

  const workspaces = await createWorkspaces({
    postgres,
    clickhouse,
    clock,
    log,
    publicUrl,
    secret,
    // The sample's begins at the time of its own clock, when it is first asked for.
    onWorkspaceCreated: [
      async (tx, { workspaceId, isSample }) => {
        if (!isSample) await lifeCycle.begin(tx, workspaceId, clock.now())
      },
    ],
  })
  const { domainNow } = workspaces
  const collect = createCollect({ postgres, clock })
  const peopleDeps = {
    postgres,
    clickhouse,
    collect,
    domainNow,
    tombstoneKey: tombstoneKeyOf(secret),
    currencyOf: async (id: Parameters<typeof domainNow>[0]) => (await workspaces.get(id)).currency,
  }
  // Filled below: what rooms further down know of a person.
  const lenses: PersonLenses = {}
  const people = createPeople({ ...peopleDeps, lenses })
  const imports = createImports({ postgres, clock, workspaces, collect, people })
  const segments = createSegments({
    postgres,
    clickhouse,
    log,
    people,
    domainNow,
    consumers: [followMasks],
    ...(config.factsBytes === null ? {} : { factsBytes: config.factsBytes }),
  })
  const lifeCycle = createLifeCycle({ postgres, segments, people, workspaces })
  const segmentDesk = createSegmentDesk({
    postgres,
    clickhouse,
    clock,
    segments,
    people,
    domainNow,
    audit: workspaces.audit,
    reachableByEmail: (...asked) => policy.reachableByEmail(...asked),
    journeyNames: (...asked) => journeys.namesOf(...asked),
  })
  const standing: StandingSource = { statesOf: statesForPolicy(lifeCycle) }
  const policy = createPolicy({ postgres, people, workspaces, standing })
  const planning = createPlanning({
    postgres,
    clock,
    workspaces,
    peopleByPhase: async (id) => peopleByPhase(await lifeCycle.view(id)),
  })
  const channels = createChannels({
    postgres,
    clock,
    workspaces,
    policy,
    egress: createEgress({ allow: config.egressAllow }),
    secrets: createSecretBox(secret),
  })
  const content = createContent({
    postgres,
    clock,
    workspaces,
    pool: createRenderPool(),
    usesOf: (...asked) => journeys.withTemplate(...asked),
  })
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
    // Journeys stand below messages on the ladder; asked only when both are there.
    liveness: { check: (...asked) => journeys.checkLiveness(...asked) },
    publicUrl,
    linkKey: Buffer.from(hkdfSync('sha256', secret, '', 'links in messages', 32)),
  })
  people.timelineSources.push(messages.timeline, timelineOfMoves(lifeCycle), segmentTimeline({ postgres }))
  Object.assign(lenses, personLenses({ postgres, segments, lifeCycle }))
  const journeys = createJourneys({
    postgres,
    domainNow,
    audit: workspaces.audit,
    ports: journeyPorts({ people, segments, messages, content, planning, policy }),
  })

  const equity = createEquity({
    postgres,
    clock,
    log,
    workspaces,
    people,
    planning,
    lostAfterDays: async (id) => (await lifeCycle.definition(id)).lostAfterDays,
  })
  const home = createHome({ postgres, clickhouse, clock, workspaces, people, planning, equity, lifeCycle })

  const erasures = createErasures({
    postgres,
    workspaces,
    people,
    imports,
    segments,
    lifeCycle,
    policy,
    channels,
    messages,
    journeys,
    equity,
    followers: ['projection', 'policy', 'segments', 'journeys'],
    keepTombstones: (workspaceId, of) => keepTombstones(postgres, config.dataFolder, workspaceId, of),
  })

  return {
    workspaces,
    collect,
    people,
    policy,
    segments,
    lifeCycle,
    journeys,
    messages,
    equity,
    erasures,
    stages: [
      imports.stage,
      ...people.stages,
      createPolicyStage({ postgres, clock, feed: people.feed }),
      segments.stage,
      journeys.stage,
      messages.confirmations.stage,
      messages.stage,
      erasures.stage,
    ],
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
      equityRoutes(equity),
      personValueRoutes({ equity, people }),
      homeRoutes(home),
      privacyRoutes({ erasures, postgres, workspaces, people, policy, messages, journeys, equity }),
      segmentRoutes({ desk: segmentDesk, postgres }),
      lifeCycleRoutes({ lifeCycle, people }),
      contentRoutes({ content, people }),
      formsRoutes({ postgres, collect, policy, workspaces, confirmations: messages.confirmations, publicUrl }),
      importRoutes({ imports, postgres }),
      journeys.routes,
      messagesRoutes({ messages, postgres, people }),
      publicRoutes({ messages, postgres, policy, people, workspaces }),
      inboundRoutes({ messages, postgres, policy, people, workspaces, channels, content }),
    ],
    rebuild: (options) =>
      rebuildProjection({
        postgres,
        clickhouse,
        feed: people.feed,
        workspaces: async () => (await workspaces.list()).map(({ workspaceId }) => workspaceId),
        holdWorkers: (work) => holdWorkers({ postgres, clock }, work),
        ...options,
      }),
    tend: async () => {
      await workspaces.emptyClosed()
      for (const { workspaceId } of await workspaces.list()) {
        for (const room of [people, policy, channels, messages, segmentDesk, content, journeys])
          await room.tend(workspaceId)
        await dropQuarantinedItems(postgres, workspaceId, await workspaces.domainNow(workspaceId))
      }
    },
    gather: () => people.gather(),
    close: async () => {
      await equity.close()
      await channels.close()
      await content.close()
    },
  }
}
