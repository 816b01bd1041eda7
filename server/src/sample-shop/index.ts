import type { CostDraft, JourneyDraft, PhaseKey, Rule, Scope } from '@baton/contract'
import type { Collect } from '../collect/index.ts'
import { dayMs, hourMs, type Instant, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { agency, shopName } from './catalogue.ts'
import { type Customer, makeCustomers } from './customers.ts'
import { playHistory, type SampleMail } from './history.ts'
import { createLiveTraffic } from './live-traffic.ts'
import { createRandom } from './random.ts'
import { sampleJourneys, sampleSegments } from './sample-programme.ts'
import { readProgress, type SampleProgress, saveProgress } from './sample-shop-store.ts'
import { agencyContact, costsBetween, phaseOwners } from './sample-team.ts'
import { eventsOfCustomer, type ShopEvent } from './shop-events.ts'

/** What the sample shop asks of other rooms: the same doors that a person's clicks go through. */
export interface SampleShopPorts {
  readonly postgres: Postgres
  readonly collect: Pick<Collect, 'appendEvents'>
  readonly mail: SampleMail
  readonly machineNow: () => Instant
  /** The sample workspace if there is one. */
  findSample(): Promise<WorkspaceId | null>
  createSample(name: string, clockAt: Instant): Promise<WorkspaceId>
  moveClock(workspaceId: WorkspaceId, at: Instant | null): Promise<void>
  hold(workspaceId: WorkspaceId): () => void
  settle(workspaceId: WorkspaceId): Promise<void>
  /** A member who is part of the simulation and can't sign in; answers her user id. */
  addColleague(
    workspaceId: WorkspaceId,
    person: { name: string; email: string; role: 'phase-owner' | 'partner'; scope: Scope },
  ): Promise<string>
  nameOwners(workspaceId: WorkspaceId, owners: readonly { phase: PhaseKey; userId: string }[]): Promise<void>
  enterCosts(workspaceId: WorkspaceId, costs: readonly CostDraft[]): Promise<void>
  /** After how many days without an order somebody is lost. */
  loseAfter(workspaceId: WorkspaceId, days: number): Promise<void>
  saveSegment(workspaceId: WorkspaceId, segment: { name: string; description: string; rule: Rule }): Promise<void>
  publishJourney(workspaceId: WorkspaceId, journey: { name: string; draft: JourneyDraft }): Promise<void>
  templateOf(
    workspaceId: WorkspaceId,
    name: 'abandoned-cart' | 'welcome' | 'review-request' | 'service-recovery',
  ): string
}

export interface SampleShop {
  /**
   * Makes the sample where there is none, plays what is left of its history, then goes on live until `signal`. Not to be
   * called once a sample was left for own data.
   */
  run(signal: AbortSignal, progress: (share: number) => void): Promise<void>
}

const seed = 20_261
const historyDays = 90
/** Half of the days we have: so that some are lost and some are won back. A real shop takes longer to give somebody up. */
const lostAfterDays = 45
const customerCount = 2_000

export const createSampleShop = (ports: SampleShopPorts): SampleShop => ({
  run: async (signal, progress) => {
    const workspaceId = (await ports.findSample()) ?? (await makeSample(ports))
    const isOpen = async () => (await ports.findSample()) === workspaceId
    try {
      await openShop(ports, { workspaceId, isOpen, signal, progress })
    } catch (error) {
      // Somebody began with her own data in the middle of a step: what the step was about is gone.
      if (await isOpen()) throw error
    }
  },
})

interface OpenShop {
  readonly workspaceId: WorkspaceId
  /** False once it was left for own data. */
  readonly isOpen: () => Promise<boolean>
  readonly signal: AbortSignal
  readonly progress: (share: number) => void
}

const openShop = async (ports: SampleShopPorts, { workspaceId, isOpen, signal, progress }: OpenShop): Promise<void> => {
  const found = await readOrBegin(ports, workspaceId)
  await setUp(ports, workspaceId, found)
  if (signal.aborted) return
  const random = createRandom(found.seed)
  const customers = makeCustomers(random, customerCount, found.historyFrom, historyDays)
  if (found.playedTo < found.historyUntil) await play(ports, { workspaceId, found, customers, signal, progress })
  if (signal.aborted) return
  await ports.moveClock(workspaceId, null)
  createLiveTraffic(
    { collect: ports.collect, now: ports.machineNow, isOpen, signal },
    { workspaceId, customers, random: random.fork('live') },
  ).start()
}

const historyStart = (ports: SampleShopPorts): Instant =>
  Math.floor(ports.machineNow() / hourMs) * hourMs - historyDays * dayMs

const makeSample = (ports: SampleShopPorts): Promise<WorkspaceId> => ports.createSample(shopName, historyStart(ports))

const readOrBegin = async (ports: SampleShopPorts, workspaceId: WorkspaceId): Promise<SampleProgress> =>
  ports.postgres.inWorkspace(workspaceId, async (tx) => {
    const found = await readProgress(tx, workspaceId)
    if (found) return found
    const historyFrom = historyStart(ports)
    const historyUntil = historyFrom + historyDays * dayMs
    const begun = { seed, historyFrom, historyUntil, stepsDone: 0, playedTo: historyFrom }
    await saveProgress(tx, workspaceId, begun, ports.machineNow())
    return begun
  })

/** The team, its costs, segments and journeys, as they stood when the shop began to use Baton; a step is done once. */
const setUp = async (ports: SampleShopPorts, workspaceId: WorkspaceId, found: SampleProgress): Promise<void> => {
  const steps = [
    () => makeTeam(ports, workspaceId),
    () => ports.enterCosts(workspaceId, costsBetween(found.historyFrom, found.historyUntil)),
    async () => {
      for (const segment of sampleSegments) await ports.saveSegment(workspaceId, segment)
    },
    async () => {
      for (const journey of sampleJourneys((name) => ports.templateOf(workspaceId, name)))
        await ports.publishJourney(workspaceId, journey)
    },
    () => ports.loseAfter(workspaceId, lostAfterDays),
  ]
  for (const [index, step] of steps.entries()) {
    if (index < found.stepsDone) continue
    await step()
    await ports.postgres.inWorkspace(workspaceId, (tx) =>
      saveProgress(tx, workspaceId, { ...found, stepsDone: index + 1 }, ports.machineNow()),
    )
  }
}

const makeTeam = async (ports: SampleShopPorts, workspaceId: WorkspaceId): Promise<void> => {
  const owners: { phase: PhaseKey; userId: string }[] = []
  for (const { phase, name, email } of phaseOwners)
    owners.push({
      phase,
      userId: await ports.addColleague(workspaceId, { name, email, role: 'phase-owner', scope: { phases: [phase] } }),
    })
  await ports.addColleague(workspaceId, { ...agencyContact, role: 'partner', scope: { partner: agency } })
  await ports.nameOwners(workspaceId, owners)
}

/** Of the set-up's steps, all are done once the history plays. */
const allSteps = 5

const play = async (
  ports: SampleShopPorts,
  shop: {
    workspaceId: WorkspaceId
    found: SampleProgress
    customers: readonly Customer[]
    signal: AbortSignal
    progress: (share: number) => void
  },
): Promise<void> => {
  const { workspaceId, found, customers, signal } = shop
  const random = createRandom(found.seed)
  const events: ShopEvent[] = customers
    .flatMap((customer) => eventsOfCustomer(random.fork(`life ${customer.number}`), customer, found.historyUntil))
    .sort((a, b) => a.at - b.at)
  const days = found.historyUntil - found.historyFrom
  await playHistory(
    {
      collect: ports.collect,
      mail: ports.mail,
      moveClock: ports.moveClock,
      hold: ports.hold,
      settle: ports.settle,
      signal,
      played: async (_, to) => {
        await ports.postgres.inWorkspace(workspaceId, (tx) =>
          saveProgress(tx, workspaceId, { ...found, stepsDone: allSteps, playedTo: to }, ports.machineNow()),
        )
        shop.progress((to - found.historyFrom) / days)
      },
    },
    {
      workspaceId,
      events,
      customers: new Map(customers.map((customer) => [customer.email, customer])),
      random: random.fork('mail'),
      from: found.playedTo,
      until: found.historyUntil,
    },
  )
}

export type { ArrivedMail, SampleMail } from './history.ts'
export type { MailAct } from './mail-habits.ts'
