import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import {
  type Clock,
  type Instant,
  type Milliseconds,
  type Position,
  RetryableError,
  type WorkspaceId,
} from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { countOtherHolders, releaseLeases, takeLeases } from './lease-store.ts'
import { allShards, shardOf } from './shard.ts'
import type { Lane, LeaseGrant, Stage, TurnOutcome } from './stage.ts'
import { dueWakeups, listWorkspaceIds, logGrowth, setWakeup, slowestPosition } from './wakeup-store.ts'

export interface RunnerOptions {
  readonly postgres: Postgres
  readonly clock: Clock
  readonly log: Logger
  readonly stages: readonly Stage[]
  /** Domain time of a workspace; runs with the machine unless moved. */
  readonly domainNow: (workspaceId: WorkspaceId) => Promise<Instant>
  /** Who holds the leases. The same name after a restart takes its leases back at once. */
  readonly holder: string
  /** Work only at these workspaces (the sample's history); default all. */
  readonly only?: readonly WorkspaceId[]
  readonly leaseMs?: Milliseconds
  /** How many turns run at once. */
  readonly concurrency?: number
}

export interface Runner {
  start(): Promise<void>
  /** Finishes the turns under way, gives the leases back. */
  stop(): Promise<void>
  /** Marks a stage of a workspace as having something to do. */
  wake(workspaceId: WorkspaceId, stage: string): void
  /** Gives a workspace no turns until released (the answer), so that what is put into its log meanwhile is taken together. */
  hold(workspaceId: WorkspaceId): () => void
  /** Runs until no stage has anything to do at the present domain time; rejects when a turn keeps failing. */
  settle(workspaceId: WorkspaceId): Promise<void>
  /** Failures since the start by stage, for operations. */
  failures(): ReadonlyMap<string, { count: number; last: string; at: Instant }>
}

/** Where events keep coming, how often the log is looked at: stages that find something take all there is. */
const leastScanMs = 20

/** Failures in a row after which `settle` no longer waits. */
const hopelessAfter = 6

/** A stage of a workspace and lane, as a key of the tables below. */
type Seat = string
const seatOf = (workspaceId: WorkspaceId, lane: Lane, stage: string): Seat => `${workspaceId} ${lane} ${stage}`

/**
 * Gives each stage its turns. Wake-ups come from the log (NOTIFY, and a look every second), from the stage before, and
 * from the clock; idle workspaces cost nothing. A failing turn is repeated with growing pauses and never skipped here:
 * what can't be handled is set aside by the stage itself.
 */
export const createRunner = (options: RunnerOptions): Runner => {
  const { postgres, clock, log, stages } = options
  const leaseMs = options.leaseMs ?? 10_000
  const concurrency = options.concurrency ?? 8
  const names = options.only ? [...new Set(options.only.map(shardOf))] : allShards
  const byName = new Map(stages.map((stage) => [stage.name, stage]))
  const following = new Map<string, Stage[]>()
  for (const stage of stages)
    for (const before of stage.after) following.set(before, [...(following.get(before) ?? []), stage])

  const grants = new Map<string, number>()
  const waiting = new Set<Seat>()
  const running = new Map<Seat, Promise<void>>()
  /** By the process's own clock, which no step of the machine's changes. */
  const notBefore = new Map<Seat, Milliseconds>()
  const failuresInRow = new Map<Seat, number>()
  const lastDue = new Map<Seat, Instant | null>()
  const failed = new Map<string, { count: number; last: string; at: Instant }>()
  const held = new Set<WorkspaceId>()
  const stopping = new AbortController()
  /** Who waits for a workspace to rest. */
  const idleWaiters = new Map<(failure?: unknown) => void, WorkspaceId>()
  let scannedTo = 0 as Position
  let unlisten: (() => Promise<void>) | undefined
  let timers: NodeJS.Timeout[] = []
  let scanning: Promise<void> | undefined
  let scanAgain = false
  let scannedAt = Number.NEGATIVE_INFINITY
  /** Somebody may have asked for a turn while nobody here heard. */
  let hasMissed = false

  const isOurs = (workspaceId: WorkspaceId) => !options.only || options.only.includes(workspaceId)

  const mark = (workspaceId: WorkspaceId, lane: Lane, stage: Stage) => {
    if (!isOurs(workspaceId) || !stage.lanes.includes(lane)) return
    waiting.add(seatOf(workspaceId, lane, stage.name))
  }

  const wakeAfter = (workspaceId: WorkspaceId, lane: Lane, stageName: string) => {
    for (const next of following.get(stageName) ?? [])
      for (const each of next.lanes.length === 1 ? next.lanes : [lane]) mark(workspaceId, each, next)
  }

  const rememberDue = async (
    seat: Seat,
    { workspaceId, stage, lease }: { workspaceId: WorkspaceId; stage: Stage; lease: LeaseGrant },
    dueAt: TurnOutcome['dueAt'],
  ) => {
    if (dueAt === undefined || lastDue.get(seat) === dueAt) return
    // Until the answer is in, nobody knows what stands there: a turn that is repeated writes it again.
    lastDue.delete(seat)
    await setWakeup(postgres, workspaceId, lease, stage.name, dueAt)
    lastDue.set(seat, dueAt)
  }

  const failTurn = (seat: Seat, stage: Stage, error: unknown) => {
    const inRow = (failuresInRow.get(seat) ?? 0) + 1
    failuresInRow.set(seat, inRow)
    const pauseMs = error instanceof RetryableError ? error.afterMs : Math.min(50 * 2 ** inRow, 5_000)
    notBefore.set(seat, performance.now() + pauseMs)
    waiting.add(seat)
    const message = error instanceof Error ? error.message : String(error)
    failed.set(stage.name, { count: (failed.get(stage.name)?.count ?? 0) + 1, last: message, at: clock.now() })
    log.warn({ stage: stage.name, attempt: inRow, err: error }, 'a turn failed and will be repeated')
    if (inRow >= hopelessAfter)
      for (const [done, workspaceId] of [...idleWaiters]) if (seat.startsWith(workspaceId)) done(error)
    setTimeout(pump, pauseMs + 1).unref()
  }

  const runTurn = async (seat: Seat, workspaceId: WorkspaceId, lane: Lane, stage: Stage, lease: LeaseGrant) => {
    try {
      const now = await options.domainNow(workspaceId)
      const began = performance.now()
      const outcome = await stage.turn({ workspaceId, lane, now, lease, signal: stopping.signal })
      const ms = Math.round(performance.now() - began)
      log.debug({ stage: stage.name, lane, handled: outcome.handled, more: outcome.more, ms }, 'turn')
      // One that failed may have committed before it did.
      const hadFailed = failuresInRow.delete(seat)
      if (outcome.handled > 0 || hadFailed) wakeAfter(workspaceId, lane, stage.name)
      if (outcome.more) waiting.add(seat)
      else if (outcome.retryInMs !== undefined) {
        waiting.add(seat)
        notBefore.set(seat, performance.now() + outcome.retryInMs)
        setTimeout(pump, outcome.retryInMs + 1).unref()
      }
      if (outcome.restMs !== undefined && !isAwaited(workspaceId)) {
        notBefore.set(seat, Math.max(notBefore.get(seat) ?? 0, performance.now() + outcome.restMs))
        setTimeout(pump, outcome.restMs + 1).unref()
      }
      await rememberDue(seat, { workspaceId, stage, lease }, outcome.dueAt)
    } catch (error) {
      failTurn(seat, stage, error)
    } finally {
      running.delete(seat)
      pump()
    }
  }

  /** Somebody waits for this workspace to come to rest. */
  const isAwaited = (workspaceId: WorkspaceId): boolean => [...idleWaiters.values()].includes(workspaceId)

  const isAtRest = (workspaceId: WorkspaceId): boolean => {
    for (const seat of running.keys()) if (seat.startsWith(workspaceId)) return false
    for (const seat of waiting) if (seat.startsWith(workspaceId)) return false
    return true
  }

  const rest = (workspaceId: WorkspaceId): Promise<void> =>
    new Promise((resolve, reject) => {
      const done = (failure?: unknown) => {
        idleWaiters.delete(done)
        if (failure === undefined) resolve()
        else reject(failure)
      }
      idleWaiters.set(done, workspaceId)
      pump()
    })

  const pump = () => {
    const now = performance.now()
    for (const seat of waiting) {
      if (running.size >= concurrency || stopping.signal.aborted) break
      if (running.has(seat)) continue
      const pause = notBefore.get(seat)
      if (pause !== undefined && pause > now) continue
      const [workspaceId, lane, stageName] = seat.split(' ') as [WorkspaceId, Lane, string]
      if (held.has(workspaceId)) continue
      const stage = byName.get(stageName)
      const name = shardOf(workspaceId)
      const token = grants.get(name)
      if (!stage || token === undefined) {
        waiting.delete(seat)
        continue
      }
      waiting.delete(seat)
      notBefore.delete(seat)
      running.set(seat, runTurn(seat, workspaceId, lane, stage, { name, token }))
    }
    for (const [done, workspaceId] of [...idleWaiters]) if (isAtRest(workspaceId)) done()
  }

  const scanOnce = async () => {
    const waitMs = scannedAt + leastScanMs - performance.now()
    if (waitMs > 0) await delay(waitMs)
    scannedAt = performance.now()
    // Whoever woke us so far is seen by this look.
    scanAgain = false
    const { settled, grown } = await logGrowth(postgres, scannedTo)
    scannedTo = settled
    for (const { workspaceId, lane } of grown) wakeAfter(workspaceId, lane, 'log')
    pump()
  }

  /** One look at the log at a time; a wake-up during a look makes another follow. */
  const scan = (): Promise<void> => {
    if (scanning) {
      scanAgain = true
      return scanning
    }
    scanning = scanOnce()
      .catch((error: unknown) => log.warn({ err: error }, 'the log could not be read; trying again'))
      .finally(() => {
        scanning = undefined
        if (scanAgain && !stopping.signal.aborted) {
          scanAgain = false
          void scan()
        }
      })
    return scanning
  }

  const wakeMissed = async () => {
    if (!hasMissed) return
    hasMissed = false
    await wakeAllOf([...grants.keys()]).catch((error: unknown) => {
      hasMissed = true
      throw error
    })
  }

  const wakeDue = async () => {
    await wakeMissed()
    for (const { workspaceId, stage } of await dueWakeups(postgres, clock.now())) {
      const found = byName.get(stage)
      if (!found) continue
      for (const lane of found.lanes) {
        lastDue.delete(seatOf(workspaceId, lane, stage))
        mark(workspaceId, lane, found)
      }
    }
    pump()
  }

  const wakeAllOf = async (shards: readonly string[]) => {
    const wanted = new Set(shards)
    for (const workspaceId of await listWorkspaceIds(postgres)) {
      if (!wanted.has(shardOf(workspaceId))) continue
      for (const stage of stages) for (const lane of stage.lanes) mark(workspaceId, lane, stage)
    }
  }

  const keepLeases = async () => {
    // Ours may all have expired while this process was stopped: only others are counted.
    const others = await countOtherHolders(postgres, names, options.holder, clock.now())
    const fairShare = Math.ceil(names.length / (others + 1))
    const granted = await takeLeases(postgres, {
      names,
      holder: options.holder,
      held: new Map([...grants].slice(0, fairShare)),
      most: fairShare,
      now: clock.now(),
      forMs: leaseMs,
    })
    const fresh = granted.filter((grant) => grants.get(grant.name) !== grant.token).map((grant) => grant.name)
    const surplus = [...grants].filter(([name]) => !granted.some((grant) => grant.name === name))
    grants.clear()
    for (const grant of granted) grants.set(grant.name, grant.token)
    if (surplus.length > 0)
      await releaseLeases(
        postgres,
        options.holder,
        surplus.map(([name, token]) => ({ name, token })),
      )
    if (fresh.length > 0) {
      scannedTo = Math.min(scannedTo, await slowestPosition(postgres, 'people')) as Position
      lastDue.clear()
      await wakeAllOf(fresh)
      pump()
    }
  }

  const hear = (payload: string) => {
    if (payload === 'log') void scan()
    else if (payload.startsWith('wake ')) {
      const [, workspaceId, stageName] = payload.split(' ') as [string, WorkspaceId, string]
      const stage = byName.get(stageName)
      if (stage) for (const lane of stage.lanes) mark(workspaceId, lane, stage)
      pump()
    }
  }

  const everyMs = (ms: Milliseconds, what: string, work: () => Promise<void>) => {
    let busy = false
    const timer = setInterval(() => {
      if (busy) return
      busy = true
      work()
        .catch((error: unknown) => log.warn({ err: error }, `${what} failed; trying again`))
        .finally(() => {
          busy = false
        })
    }, ms)
    timers.push(timer)
  }

  return {
    start: async () => {
      // First: what is asked for before the leases are ours is seen by the turns that everything gets then.
      unlisten = await postgres.listen(hear, () => {
        hasMissed = true
      })
      await keepLeases()
      everyMs(leaseMs / 4, 'renewing the leases', keepLeases)
      everyMs(1_000, 'looking at the log', scan)
      everyMs(500, 'looking at the clock', wakeDue)
      await scan()
      await wakeDue()
    },
    stop: async () => {
      stopping.abort()
      for (const timer of timers) clearInterval(timer)
      timers = []
      await Promise.allSettled([...running.values(), scanning])
      await unlisten?.()
      await releaseLeases(
        postgres,
        options.holder,
        [...grants].map(([name, token]) => ({ name, token })),
      )
      grants.clear()
    },
    wake: (workspaceId, stageName) => {
      const stage = byName.get(stageName)
      if (!stage) return
      for (const lane of stage.lanes) mark(workspaceId, lane, stage)
      pump()
    },
    hold: (workspaceId) => {
      held.add(workspaceId)
      return () => {
        held.delete(workspaceId)
        pump()
      }
    },
    settle: async (workspaceId) => {
      // What lies in the log goes all the way first, so that stages which time alone wakes find it with what is due.
      for (const round of [following.get('log') ?? [], stages]) {
        for (const stage of round) for (const lane of stage.lanes) mark(workspaceId, lane, stage)
        await rest(workspaceId)
      }
    },
    failures: () => failed,
  }
}
