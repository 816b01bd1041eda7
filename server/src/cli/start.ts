import { mkdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import type { Config } from '../config.ts'
import { OperatorError, systemClock } from '../kernel/index.ts'
import { beginWithSecret, createLog, honourErasures, startEngines } from '../main.ts'
import { inspectPlace, type SuperviseDeps, type Supervised, startReport, supervise } from '../supervisor/index.ts'
import { configOf, withListenOptions } from './command-config.ts'
import { root, version } from './version.ts'

export const startCommand = (): Command =>
  withListenOptions(new Command('start'))
    .description('Everything on this machine: engines, api, worker and console')
    .action(async (options: unknown) => startEverything(configOf(options)))

export const demoCommand = (): Command =>
  withListenOptions(new Command('demo'))
    .description('The same with a sample shop: ninety simulated days, then simulated customers as you watch')
    .action(async (options: unknown) => startEverything({ ...configOf(options), playsSample: true }))

/** Starts everything, says so, and stops it in order at Ctrl-C. */
export const startEverything = async (
  config: Config,
  extraEnvironment: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const began = performance.now()
  refuseBadPlace(config)
  const stopAsked = stopRequests()
  say('Baton is starting …')
  const engineLog = createLog(config, 'engines', join(config.dataFolder, 'logs', 'engines.log'))
  let childSecret = ''
  const sayStopping = (): void => say('Stopping what has begun; the step under way comes to its end first.')
  stopAsked.signal.addEventListener('abort', sayStopping)
  const supervised = await superviseUnlessStopped({
    config,
    root,
    entry: join(root, 'server', 'src', 'cli', 'main.ts'),
    clock: systemClock,
    say,
    startEngines: async () => {
      const { engines, secret } = await startForgetful(config, engineLog)
      childSecret = secret
      return engines
    },
    extraEnvironment: () => ({ ...extraEnvironment, BATON_SECRET: childSecret }),
    signal: stopAsked.signal,
  })
  stopAsked.signal.removeEventListener('abort', sayStopping)
  process.stdout.write(
    `${startReport({
      version,
      address: supervised.address,
      firstRunToken: supervised.firstRunToken,
      runs: ['api', 'worker', ...supervised.engineTitles],
      dataFolder: config.dataFolder,
      freeBytes: freeBytesOf(config.dataFolder),
      tookMs: performance.now() - began,
      consoleProblem: supervised.console.kind === 'failed' ? supervised.console.reason : null,
    })}\n`,
  )
  await stopInOrder(supervised, stopAsked)
  process.exit(0)
}

/** Asked to stop before everything runs, it ends the process in good order. */
const superviseUnlessStopped = async (deps: SuperviseDeps): Promise<Supervised> => {
  try {
    return await supervise(deps)
  } catch (error) {
    if (error !== deps.signal.reason) throw error
    say('Stopped before everything ran. Nothing was lost; "npm start" begins again.')
    process.exit(0)
  }
}

/**
 * The engines, with everybody hidden who was erased (an older copy may have been put in their place), and the
 * installation's secret, which the first start makes.
 */
const startForgetful = async (config: Config, log: Parameters<typeof startEngines>[1]) => {
  const engines = await startEngines(config, log)
  try {
    const secret = await beginWithSecret(config, engines.connections)
    const hidden = await honourErasures({ ...config, secret }, engines.connections)
    if (hidden > 0) say(`${hidden} erasures were carried out again: the database is older than they are.`)
    return { engines, secret }
  } catch (error) {
    await engines.stop()
    throw error
  }
}

const stopInOrder = async (supervised: Supervised, stopAsked: StopRequests): Promise<void> => {
  await stopAsked.first
  say('Stopping: requests, then the work under way, then the engines. (Ctrl-C again to hurry)')
  stopAsked.onAgain(() => supervised.hurry())
  await supervised.stop()
  say('Stopped. Nothing was lost; "npm start" goes on where it was.')
}

interface StopRequests {
  readonly first: Promise<void>
  /** Aborted at the first request. */
  readonly signal: AbortSignal
  onAgain(hurry: () => void): void
}

/** One Ctrl-C may arrive twice, from the terminal and passed on by npm: only a later one means hurry. */
const againAfterMs = 1_500
const stopRequests = (): StopRequests => {
  const first = Promise.withResolvers<void>()
  const stop = new AbortController()
  let firstAt: number | null = null
  let hurry = (): void => {}
  const onSignal = (): void => {
    if (firstAt === null) {
      firstAt = performance.now()
      first.resolve()
      stop.abort()
    } else if (performance.now() - firstAt > againAfterMs) hurry()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  return {
    first: first.promise,
    signal: stop.signal,
    onAgain: (act) => {
      hurry = act
    },
  }
}

const refuseBadPlace = (config: Config): void => {
  const findings = inspectPlace({
    dataFolder: config.dataFolder,
    ownsPostgres: config.databaseUrl === null,
    ownsClickHouse: config.clickhouseUrl === null,
    uid: process.getuid?.() ?? null,
  })
  for (const { what, remedy } of findings.filter(({ weight }) => weight === 'note')) say(`${what}. ${remedy}`)
  const wrong = findings.filter(({ weight }) => weight === 'wrong')
  if (wrong.length > 0) throw new OperatorError(wrong.map(({ what, remedy }) => `${what}. ${remedy}`).join('\n'))
  mkdirSync(config.dataFolder, { recursive: true })
}

const freeBytesOf = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

const say = (line: string): void => {
  process.stdout.write(`  ${line}\n`)
}
