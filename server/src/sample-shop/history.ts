import type { Collect } from '../collect/index.ts'
import { dayMs, hourMs, type Instant, type WorkspaceId } from '../kernel/index.ts'
import type { Customer } from './customers.ts'
import { type MailAct, mailActs } from './mail-habits.ts'
import type { Random } from './random.ts'
import type { ShopEvent } from './shop-events.ts'

/** The mails that the simulated customers get, and what they can do with them: the same ways that real ones have. */
export interface SampleMail {
  /** Mails handed over after the one named, oldest first. */
  arrivedAfter(workspaceId: WorkspaceId, after: ArrivedMail | null): Promise<readonly ArrivedMail[]>
  act(workspaceId: WorkspaceId, mailId: string, act: MailAct): Promise<void>
}
export interface ArrivedMail {
  readonly mailId: string
  readonly at: Instant
  readonly to: string
}

export interface HistoryDeps {
  readonly collect: Pick<Collect, 'appendEvents'>
  readonly mail: SampleMail
  readonly moveClock: (workspaceId: WorkspaceId, at: Instant | null) => Promise<void>
  /** Keeps all stages still until released. */
  readonly hold: (workspaceId: WorkspaceId) => () => void
  /** Runs every stage until nothing is left to do at the present domain time. */
  readonly settle: (workspaceId: WorkspaceId) => Promise<void>
  readonly played: (workspaceId: WorkspaceId, to: Instant) => Promise<void>
  readonly signal: AbortSignal
}

export interface History {
  readonly workspaceId: WorkspaceId
  readonly events: readonly ShopEvent[]
  readonly customers: ReadonlyMap<string, Customer>
  readonly random: Random
  readonly from: Instant
  readonly until: Instant
}

/**
 * Plays the simulated days through the same stages as everything else: a step's events go into the log with the times
 * they would have had, the workspace's clock moves to the step's end, and all stages run until they rest. Steps in
 * which nobody acts are skipped. Each event has its own message id, so a step that was cut off is simply played again.
 */
export const playHistory = async (deps: HistoryDeps, history: History): Promise<void> => {
  const { workspaceId, events, until } = history
  let next = firstAfter(events, history.from)
  let lastMail: ArrivedMail | null = null
  let acts: { mailId: string; act: MailAct }[] = []
  for (let at = history.from; at < until && !deps.signal.aborted; ) {
    const end = stepEnd(at, until)
    const upTo = firstAfter(events, end)
    const due = acts.filter(({ act }) => act.at <= end)
    acts = acts.filter(({ act }) => act.at > end)
    if (upTo > next || due.length > 0 || end === until || hourOf(end) === morning) {
      const release = deps.hold(workspaceId)
      try {
        await happen(deps, workspaceId, { events: events.slice(next, upTo).map(({ event }) => event), end, acts: due })
      } finally {
        release()
      }
      await deps.settle(workspaceId)
      for (const mail of await deps.mail.arrivedAfter(workspaceId, lastMail)) {
        lastMail = mail
        const customer = history.customers.get(mail.to)
        if (!customer) continue
        const habits = mailActs(history.random.fork(`mail ${mail.mailId}`), customer, mail.at)
        acts.push(...habits.map((act) => ({ mailId: mail.mailId, act })))
      }
      await deps.played(workspaceId, end)
    }
    next = upTo
    at = end
  }
}

const actsAtOnce = 16

/** What happens in a step goes into the log, all of it before any stage looks at it. */
const happen = async (
  deps: HistoryDeps,
  workspaceId: WorkspaceId,
  step: { events: readonly ShopEvent['event'][]; end: Instant; acts: readonly { mailId: string; act: MailAct }[] },
): Promise<void> => {
  await deps.collect.appendEvents(workspaceId, 'live', step.events, {
    source: 'sample-shop',
    receivedWhenItHappened: true,
  })
  await deps.moveClock(workspaceId, step.end)
  // Many at once, as it is with many customers: what they cause then reaches the log in few commits.
  for (let from = 0; from < step.acts.length; from += actsAtOnce)
    await Promise.all(
      step.acts.slice(from, from + actsAtOnce).map(({ mailId, act }) => deps.mail.act(workspaceId, mailId, act)),
    )
}

/** Mails held for the night go out in the morning, whether or not anybody is up. */
const morning = 9
const hourOf = (at: Instant): number => Math.floor(at / hourMs) % 24

/**
 * When mails of the shop go out: once a day in what lies far back, in the morning and before the evening later, and more
 * finely in the last days, which one looks at first. Hours are UTC.
 */
const paces = [
  { untilDaysBefore: 14, hours: [17] },
  { untilDaysBefore: 3, hours: [morning, 17] },
  { untilDaysBefore: 0, hours: [3, morning, 15, 21] },
] as const

/** The end of the step that begins at an instant. */
const stepEnd = (at: Instant, until: Instant): Instant => {
  const left = until - at
  const { hours } = paces.find(({ untilDaysBefore }) => left > untilDaysBefore * dayMs) ?? paces[2]
  const day = Math.floor(at / dayMs) * dayMs
  const ends = [...hours, ...hours.map((hour) => hour + 24)].map((hour) => day + hour * hourMs)
  return Math.min(until, ...ends.filter((end) => end > at))
}

/** The index of the first event after an instant (events are in order of time). */
const firstAfter = (events: readonly ShopEvent[], at: Instant): number => {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((events[middle]?.at ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low
}
