import type { EquityStatement, ForwardEquityView, Home, LifeCycleView } from '@baton/contract'
import { type Clock, hourMs, type Instant, secondMs, type WorkspaceId } from '../kernel/index.ts'
import type { People } from '../people/index.ts'
import type { Planning } from '../planning/index.ts'
import type { ClickHouse, Postgres } from '../stores/index.ts'
import type { Workspace, Workspaces } from '../workspaces/index.ts'
import { countMessagesSince, readMilestones } from './home-store.ts'
import { countEventsByHour, countNewPeople, sumOrdersSince } from './today-sql.ts'

/** What the first page asks equity, which stands below measure on the ladder; main connects it. */
export interface HomeEquity {
  statement(
    workspaceId: WorkspaceId,
    period: { readonly from: Instant; readonly to: Instant },
  ): Promise<Pick<EquityStatement, 'result' | 'new' | 'old' | 'churned' | 'unconverted'>>
  keptForward(workspaceId: WorkspaceId): Promise<ForwardEquityView | null>
}

export interface HomeDeps {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly clock: Clock
  readonly workspaces: Pick<Workspaces, 'get'>
  readonly people: Pick<People, 'projected'>
  readonly planning: Pick<Planning, 'areOwnersNamed' | 'hasCosts'>
  readonly equity?: HomeEquity
  readonly lifeCycle?: { view(workspaceId: WorkspaceId): Promise<LifeCycleView> }
}

/** The first page: what customers are worth, where they stand, what happened today, what is still to set up. */
export interface HomePage {
  read(workspaceId: WorkspaceId, see: { readonly money: boolean }): Promise<Home>
}

const statementDays = 90
/** Equity reads every order; the first page may be this much behind. */
const equityRestMs = 15 * secondMs

export const createHome = (deps: HomeDeps): HomePage => {
  const equityRead = new Map<
    WorkspaceId,
    { readonly at: Instant; readonly of: string; readonly answer: Promise<Home['equity']> }
  >()

  const equityOf = ({ workspaceId, currency, timeZone }: Workspace, now: Instant): Promise<Home['equity']> => {
    const { equity, clock } = deps
    if (!equity) return Promise.resolve(null)
    const known = equityRead.get(workspaceId)
    const of = `${currency} ${timeZone}`
    if (known && known.of === of && clock.now() - known.at < equityRestMs) return known.answer
    const answer = readEquity(equity, workspaceId, { from: statementFrom(now, timeZone), to: now })
    equityRead.set(workspaceId, { at: clock.now(), of, answer })
    answer.catch(() => equityRead.delete(workspaceId))
    return answer
  }

  return {
    read: async (workspaceId, see) => {
      const workspace = await deps.workspaces.get(workspaceId)
      const asOf = workspace.clockAt ?? deps.clock.now()
      const [equity, lifeCycle, today, checklist] = await Promise.all([
        see.money ? equityOf(workspace, asOf) : null,
        deps.lifeCycle?.view(workspaceId) ?? null,
        readToday(deps, workspace, asOf, see.money),
        readChecklist(deps, workspaceId),
      ])
      return {
        asOf,
        currency: workspace.currency,
        equity,
        lifeCycle: lifeCycle && tracksOf(lifeCycle),
        today,
        checklist,
      }
    },
  }
}

const readEquity = async (
  equity: HomeEquity,
  workspaceId: WorkspaceId,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<Home['equity']> => {
  const [statement, forward] = await Promise.all([
    equity.statement(workspaceId, { from, to }),
    equity.keptForward(workspaceId),
  ])
  return {
    from,
    to,
    result: statement.result,
    newHeads: statement.new.heads,
    oldHeads: statement.old.heads,
    churnedHeads: statement.churned.heads,
    isPartUnconverted: statement.unconverted.length + (forward?.unconverted.length ?? 0) > 0,
    forward:
      forward?.kind === 'computed'
        ? {
            minor: forward.total.minor,
            currency: forward.currency,
            isCurrent: forward.isCurrent,
            interval: forward.total.interval,
            of: forward.of,
            asOf: forward.asOf,
          }
        : null,
  }
}

const tracksOf = (view: LifeCycleView): NonNullable<Home['lifeCycle']> =>
  view.tracks.map(({ track, title, states }) => ({
    track,
    title,
    states: states.map(({ state, title: stateTitle, phase, count, atRisk }) => ({
      state,
      title: stateTitle,
      phase,
      count,
      atRisk,
    })),
  }))

const readToday = async (
  { postgres, clickhouse, people }: HomeDeps,
  { workspaceId, timeZone }: Workspace,
  now: Instant,
  withMoney: boolean,
): Promise<Home['today']> => {
  const since = midnightBefore(now, timeZone)
  const { batch } = await people.projected(workspaceId)
  const [byHour, newPeople, orders, messages] = await Promise.all([
    countEventsByHour(clickhouse, { workspaceId, since, until: now, batch }),
    countNewPeople(clickhouse, { workspaceId, since }),
    sumOrdersSince(clickhouse, { workspaceId, since }),
    postgres.inWorkspace(workspaceId, (tx) => countMessagesSince(tx, workspaceId, since)),
  ])
  const hours = Math.floor((now - since) / hourMs) + 1
  const eventsByHour = Array.from({ length: hours }, (_, hour) => byHour.get(hour) ?? 0)
  return {
    since,
    events: eventsByHour.reduce((sum, count) => sum + count, 0),
    newPeople,
    orders: orders.reduce((sum, each) => sum + each.orders, 0),
    revenue: withMoney ? orders.map(({ currency, minor }) => ({ currency, minor })) : null,
    messages,
    eventsByHour,
  }
}

const dayOf = (at: Instant, zone: string) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)

const midnightBefore = (at: Instant, zone: string): Instant => dayOf(at, zone).startOfDay().epochMilliseconds

/** As the page of equity begins: calendar days of the workspace, today among them. */
const statementFrom = (at: Instant, zone: string): Instant =>
  dayOf(at, zone)
    .subtract({ days: statementDays - 1 })
    .startOfDay().epochMilliseconds

const readChecklist = async (
  { postgres, planning }: HomeDeps,
  workspaceId: WorkspaceId,
): Promise<Home['checklist']> => {
  const [reached, owners, costs] = await Promise.all([
    postgres.inWorkspace(workspaceId, (tx) => readMilestones(tx, workspaceId)),
    planning.areOwnersNamed(workspaceId),
    planning.hasCosts(workspaceId),
  ])
  return [
    { key: 'first-event', done: reached.hasEvent },
    { key: 'owners-named', done: owners },
    { key: 'costs-entered', done: costs },
    { key: 'first-segment', done: reached.hasSegment },
    { key: 'first-journey-published', done: reached.hasPublishedJourney },
    { key: 'first-message-read', done: reached.hasReadMessage },
  ]
}
