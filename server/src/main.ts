import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Operations as OperationsPage } from '@baton/contract'
import { type Logger, pino } from 'pino'
import { keepPartitions } from './collect/index.ts'
import { addressOf, type Config } from './config.ts'
import { createHttpServer } from './http/index.ts'
import { claimSecret, refuseOtherSecret, secretAtHand, secretForStart } from './installation-secret.ts'
import { createRunner, type Runner } from './jobs/index.ts'
import { type Clock, dayMs, OperatorError, systemClock } from './kernel/index.ts'
import {
  createOperations,
  type EngineKinds,
  engineProbes,
  type Operations,
  operationsRoutes,
  type ProcessReport,
} from './operations/index.ts'
import { honourTombstones, readTombstoneFile } from './privacy/index.ts'
import { listenToSupervisor } from './process-report.ts'
import { createRooms, type Rooms, tombstoneKeyOf } from './rooms.ts'
import { connectSampleShop } from './sample.ts'
import { createClickHouse, createPostgres, openStores, type RecentQueries, type Stores } from './stores/index.ts'
import { type Connections, type Engines, findSecret } from './supervisor/index.ts'
import type { Workspace } from './workspaces/index.ts'

/** The composition root: settings → stores → rooms → http and workers; everything stops in the reverse order. */
export interface ProcessOptions {
  readonly config: Config
  readonly root: string
  readonly version: string
}

export interface RunningApi {
  readonly address: string
  readonly firstRunToken: string | null
  stop(): Promise<void>
}

const clock = systemClock

/** What a log keeps for a disk that takes nothing; beyond it lines are lost. */
const unwrittenLogBytes = 4 * 2 ** 20

/** Lines of JSON to standard output, or to a file. A full disk does not end who writes them: they are written when it has room. */
export const createLog = (config: Pick<Config, 'logLevel'>, name: string, file?: string): Logger => {
  const to = pino.destination({ dest: file ?? 1, mkdir: true, sync: true, maxLength: unwrittenLogBytes })
  to.on('error', () => {})
  return pino({ level: config.logLevel, base: { process: name, pid: process.pid } }, to)
}

/** The HTTP server of one process, on engines that run already. */
export const startApi = async ({ config, root, version }: ProcessOptions): Promise<RunningApi> => {
  const log = createLog(config, 'api')
  const stores = await connectStores(config, log, 'baton api')
  if (config.secret !== null) await claimSecret(stores.postgres, config.secret, config)
  const rooms = await createRooms({ stores, config, clock, log })
  const operations = createOperations({
    postgres: stores.postgres,
    clock,
    engines: engineProbes(stores, engineKinds(process.env)),
    stages: rooms.stages,
    processes: listenToSupervisor(),
    workspaces: workspaceIdsOf(rooms),
    ledger: rooms.messages.balance,
    dataFolder: config.dataFolder,
  })
  const { app } = await createHttpServer({
    log,
    publicUrl: config.publicUrl,
    trustedProxies: config.trustedProxies,
    consoleFolder: join(root, 'console', 'dist'),
    version,
    who: rooms.workspaces.who,
    bareRooms: rooms.bareRoutes,
    rooms: [operationsRoutes(operations), ...rooms.routes],
  })
  await app.listen({ host: config.host, port: config.port }).catch((error: unknown) => {
    throw new OperatorError(
      `Can't listen on ${config.host}:${config.port}: ${error instanceof Error ? error.message : String(error)}. Choose another with --port or --host.`,
      { cause: error },
    )
  })
  // Only who prints the token may make it: another would void the one printed.
  const isFirstStart = process.env.BATON_FIRST_START === '1'
  const stopWatch = operations.watch()
  const bound = app.server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : config.port
  return {
    address: addressOf(config.host, port),
    firstRunToken: isFirstStart ? await rooms.workspaces.firstRunToken() : null,
    stop: async () => {
      stopWatch()
      await app.close()
      await rooms.close()
      await stores.stop()
    },
  }
}

export interface RunningWorker extends Pick<Runner, 'stop' | 'failures'> {
  /** The sample shop is wanted, but was left for own data: it is not made again. */
  readonly isSampleLeft: boolean
}

/** The stages of one process, on engines that run already. */
export const startWorker = async ({ config }: ProcessOptions): Promise<RunningWorker> => {
  const log = createLog(config, 'worker')
  const stores = await connectStores(config, log, 'baton worker')
  if (config.secret !== null) await claimSecret(stores.postgres, config.secret, config)
  const rooms = await createRooms({ stores, config, clock, log })
  const partitions = keepPartitions({ collect: rooms.collect, log })
  await partitions.tend()
  await rooms.tend()
  const runner = createRunner({
    postgres: stores.postgres,
    clock,
    log,
    stages: rooms.stages,
    domainNow: rooms.workspaces.domainNow,
    holder: process.env.BATON_WORKER_NAME ?? `worker:${hostname()}:${process.pid}`,
  })
  await runner.start()
  const isSampleLeft = config.playsSample && (await rooms.workspaces.sampleWasLeft())
  const sample =
    config.playsSample && !isSampleLeft
      ? await playSample({ postgres: stores.postgres, rooms, runner, clock, log, publicUrl: config.publicUrl })
      : null
  const daily = setInterval(() => {
    void partitions.tend()
    const chores = rooms.tend().then(() => rooms.gather())
    chores.catch((error: unknown) => log.warn({ err: error }, 'daily chores failed; tried again tomorrow'))
  }, dayMs)
  return {
    failures: runner.failures,
    isSampleLeft,
    stop: async () => {
      clearInterval(daily)
      partitions.stop()
      await sample?.stop()
      await runner.stop()
      await rooms.close()
      await stores.stop()
    },
  }
}

/** Plays the sample shop beside the stages; what of its history is left goes on after a restart. */
const playSample = async (deps: Parameters<typeof connectSampleShop>[0]) => {
  const { shop, close } = await connectSampleShop(deps)
  const stopping = new AbortController()
  let saidTenths = 0
  const playing = shop
    .run(stopping.signal, (share) => {
      if (Math.floor(share * 10) <= saidTenths) return
      saidTenths = Math.floor(share * 10)
      deps.log.info({ percent: saidTenths * 10 }, 'sample shop')
    })
    .catch((error: unknown) => deps.log.error({ err: error }, 'the sample shop stopped; it goes on at the next start'))
  return {
    stop: async () => {
      stopping.abort()
      await playing
      await close()
    },
  }
}

const firstAnswerWithinMs = 60_000

/** Starts the engines that have no address, or reaches those that have, and brings their tables up to date. */
export const startEngines = async (config: Config, log: Logger): Promise<Engines> => {
  const stores = await openStores({ mode: 'own', name: 'baton supervisor', connections: 2, ...config }, log)
  const health = stores.engines()
  const titles = await Promise.all(
    engineProbes(stores, { postgres: 'server', clickhouse: 'server' }).map(async ({ name, version }) => {
      const runs = health.find(({ kind }) => kind === name)?.runs ?? 'server'
      return `${name === 'postgres' ? 'PostgreSQL' : 'ClickHouse'} ${await version(AbortSignal.timeout(firstAnswerWithinMs))} (${runs})`
    }),
  )
  const now = (kind: 'postgres' | 'clickhouse') => stores.engines().find((engine) => engine.kind === kind)
  return {
    connections: {
      databaseUrl: stores.environment.DATABASE_URL,
      clickhouseUrl: stores.environment.CLICKHOUSE_URL,
      ownerUrl: stores.ownerUrl,
    },
    titles,
    own: health
      .filter(({ runs }) => runs === 'embedded')
      .map(({ kind }) => ({
        name: kind === 'postgres' ? 'PostgreSQL' : 'ClickHouse',
        pid: () => now(kind)?.pid ?? null,
        status: () => {
          const status = now(kind)?.status ?? 'stopped'
          return status === 'unknown' ? 'running' : status
        },
        restarts: () => now(kind)?.restarts ?? 0,
      })),
    stop: () => stores.stop(),
  }
}

/** The installation's secret for a start, which makes it where nobody has started before; any other is refused. */
export const beginWithSecret = async (
  config: Config,
  { databaseUrl }: Pick<Connections, 'databaseUrl'>,
): Promise<string> => {
  const postgres = createPostgres({ url: databaseUrl, name: 'baton secret', connections: 1 })
  try {
    return await secretForStart(postgres, config)
  } finally {
    await postgres.close()
  }
}

/** For a backup: the secret if it is here and the installation's own; null where it is not here. */
export const findOwnSecret = async (
  config: Config,
  { databaseUrl }: Pick<Connections, 'databaseUrl'>,
): Promise<string | null> => {
  const secret = config.secret ?? findSecret(config.dataFolder)
  if (secret === null) return null
  const postgres = createPostgres({ url: databaseUrl, name: 'baton secret', connections: 1 })
  try {
    await refuseOtherSecret(postgres, secret, config)
    return secret
  } finally {
    await postgres.close()
  }
}

/**
 * Hides whom the data folder's file says was erased, where the database is a copy from before: after the engines are there,
 * before anybody can look. Answers how many erasures it had not heard of.
 */
export const honourErasures = async (
  config: Config,
  { databaseUrl }: Pick<Connections, 'databaseUrl'>,
): Promise<number> => {
  const kept = await readTombstoneFile(config.dataFolder)
  if (kept.length === 0) return 0
  const postgres = createPostgres({ url: databaseUrl, name: 'baton erasures', connections: 1 })
  try {
    const secret = secretAtHand(config)
    await refuseOtherSecret(postgres, secret, config)
    const tombstoneKey = tombstoneKeyOf(secret)
    return await honourTombstones({ postgres, tombstoneKey, at: clock.now() }, kept)
  } finally {
    await postgres.close()
  }
}

/** For commands that do something in a workspace: every room, without a server. */
export const openRooms = async (
  config: Config,
  { databaseUrl, clickhouseUrl }: Pick<Connections, 'databaseUrl' | 'clickhouseUrl'>,
): Promise<Rooms & Pick<Stores, 'postgres'> & { readonly clock: Clock }> => {
  const log = createLog({ logLevel: 'warn' }, 'command')
  const settings = { ...config, databaseUrl, clickhouseUrl, secret: secretAtHand(config) }
  const stores = await connectStores(settings, log, 'baton command')
  try {
    await refuseOtherSecret(stores.postgres, settings.secret, config)
  } catch (error) {
    await stores.stop()
    throw error
  }
  const rooms = await createRooms({ stores, config: settings, clock, log })
  const close = async (): Promise<void> => {
    await rooms.close()
    await stores.stop()
  }
  return { ...rooms, postgres: stores.postgres, clock, close }
}

/** For `doctor`: what can be seen of an installation, without a server of its own, by someone who asks once. */
export interface Examination {
  /** Works when no engine does. */
  readonly machine: () => ReturnType<Operations['lookAtMachine']>
  /** Needs PostgreSQL, with this version's schema, and the installation's secret; throws an OperatorError where it has others. */
  readonly workspaces: () => Promise<readonly { readonly workspace: Workspace; readonly page: OperationsPage }[]>
  /** Needs ClickHouse; null where it is not ours. */
  readonly recentQueries: () => Promise<RecentQueries | null>
  readonly close: () => Promise<void>
}

/** An engine that lets doctor wait for longer does not answer. */
const doctorWaitsMs = 3_000

/** Asks the engines of the settings' addresses; one without an address is not asked. */
export const openExamination = (config: Config, kinds: EngineKinds, processes: () => ProcessReport): Examination => {
  const { databaseUrl, clickhouseUrl, dataFolder } = config
  const name = 'baton doctor'
  const postgres =
    databaseUrl === null ? null : createPostgres({ url: databaseUrl, name, connectWithinMs: doctorWaitsMs })
  const clickhouse = clickhouseUrl === null ? null : createClickHouse({ url: clickhouseUrl })
  const common = { clock, engines: engineProbes({ postgres, clickhouse }, kinds), processes, dataFolder }

  const lookAtWorkspaces: Examination['workspaces'] = async () => {
    const log = createLog({ logLevel: 'silent' }, 'doctor')
    const stores = await connectStores(config, log, name)
    try {
      const secret = secretAtHand(config)
      await refuseOtherSecret(stores.postgres, secret, config)
      const rooms = await createRooms({ stores, config: { ...config, secret }, clock, log })
      const { stages, workspaces } = rooms
      const operations = createOperations({
        ...common,
        postgres: stores.postgres,
        stages,
        workspaces: workspaceIdsOf(rooms),
        ledger: rooms.messages.balance,
      })
      const seen = []
      for (const workspace of await workspaces.list())
        seen.push({ workspace, page: await operations.look(workspace.workspaceId) })
      return seen
    } finally {
      await stores.stop()
    }
  }

  return {
    machine: createOperations({ ...common, postgres, stages: [], workspaces: async () => [], ledger: null })
      .lookAtMachine,
    workspaces: lookAtWorkspaces,
    recentQueries: async () => (clickhouse === null ? null : clickhouse.recentQueries()),
    close: async () => {
      await Promise.all([postgres?.close(), clickhouse?.close()])
    },
  }
}

const workspaceIdsOf =
  ({ workspaces }: Pick<Rooms, 'workspaces'>) =>
  async () =>
    (await workspaces.list()).map(({ workspaceId }) => workspaceId)

const connectStores = (config: Config, log: Logger, name: string): Promise<Stores> =>
  openStores({ mode: 'connect', name, ...config }, log)

/** Where the supervisor says that it started the engines itself. */
const engineKinds = (env: Readonly<Record<string, string | undefined>>): EngineKinds => ({
  postgres: env.BATON_ENGINES?.includes('postgres') === true ? 'embedded' : 'server',
  clickhouse: env.BATON_ENGINES?.includes('clickhouse') === true ? 'embedded' : 'server',
})
