import type {
  EquityPerson,
  EquitySettings,
  EquityStatement,
  EquityTerm,
  ForwardEquityView,
  PersonValueView,
} from '@baton/contract'
import type { Logger } from 'pino'
import { UserError } from '../http/index.ts'
import {
  brandAs,
  type Clock,
  dayMs,
  type Instant,
  minuteMs,
  newId,
  type PersonId,
  type WorkspaceId,
} from '../kernel/index.ts'
import { type People, titleOf } from '../people/index.ts'
import type { Planning } from '../planning/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import type { Workspace, Workspaces } from '../workspaces/index.ts'
import { createComputeThread } from './compute-thread.ts'
import type { CostFact, Period } from './customer-facts.ts'
import { type DatedRate, datedRates } from './dated-rates.ts'
import { readEquityFacts, readOrdersPosition } from './equity-facts-store.ts'
import { readEquitySettings, writeEquitySettings } from './equity-setting-store.ts'
import {
  deleteErasedValues,
  type KeptFigure,
  keepFigure,
  readBaseline,
  readFigure,
  readValues,
} from './forward-figure-store.ts'
import { viewForward } from './forward-view.ts'
import type { Leaving, PersonLapse } from './order-columns.ts'
import { viewStatement } from './statement-view.ts'
import { dateTextIn, midnightIn } from './workspace-day.ts'

export interface EquityDeps {
  readonly postgres: Postgres
  readonly clock: Clock
  readonly log: Logger
  readonly workspaces: Pick<Workspaces, 'get' | 'audit'>
  readonly people: Pick<People, 'get'>
  readonly planning: Pick<Planning, 'costsBetween' | 'rates'>
  /** The life cycle's definition of lost: so many days without a kept order. Null while it can't tell. */
  readonly lostAfterDays?: (workspaceId: WorkspaceId) => Promise<number | null>
  /** Who was lost and won back by the life cycle's own moves; goes before the days where it is given. */
  readonly lapses?: (workspaceId: WorkspaceId) => Promise<readonly PersonLapse[] | null>
}

/** What customers are worth: in a period (the statement) and from now on (the forward figure). */
export interface Equity {
  statement(workspaceId: WorkspaceId, period: AskedPeriod): Promise<EquityStatement>
  /** A page of the people behind a term. Titles only where the caller may see customers. */
  termPeople(
    workspaceId: WorkspaceId,
    asked: AskedPeriod & { term: EquityTerm; offset: number; limit: number; withTitles: boolean },
  ): Promise<TermPeople>
  /** The kept figure, computed when there is none, when the settings changed or when asked for a fresh one. */
  forward(workspaceId: WorkspaceId, options?: { fresh?: boolean; asOf?: Instant }): Promise<ForwardEquityView>
  /** The kept figure without waiting; null while there is none. A new one is computed beside where it is due. */
  keptForward(workspaceId: WorkspaceId): Promise<ForwardEquityView | null>
  settings(workspaceId: WorkspaceId): Promise<EquitySettings>
  changeSettings(
    caller: { workspaceId: WorkspaceId; actor: string },
    change: Partial<EquitySettings>,
  ): Promise<EquitySettings>
  /** Forward values of some persons in the current figure; who is no customer is missing. */
  valuesOf(workspaceId: WorkspaceId, persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonValueView>>
  /** Takes out what erased people were expected to bring. */
  clearErased(tx: Tx, workspaceId: WorkspaceId, ids: readonly string[]): Promise<void>
  close(): Promise<void>
}

export interface TermPeople {
  readonly term: EquityTerm
  readonly period: Period
  readonly heads: number
  readonly currency: string
  readonly people: readonly EquityPerson[]
}

export interface AskedPeriod {
  readonly from?: Instant | undefined
  readonly to?: Instant | undefined
}

const defaultPeriodMs = 90 * dayMs
/** A figure older than this is computed anew, beside, when orders have come since. */
const restMs = minuteMs

export const createEquity = (deps: EquityDeps): Equity => {
  const { postgres, clock, log, workspaces, planning } = deps
  const thread = createComputeThread()
  const underWay = new Map<WorkspaceId, Promise<KeptFigure>>()
  const nowOf = (workspace: Workspace): Instant => workspace.clockAt ?? clock.now()

  const periodOf = (workspace: Workspace, asked: AskedPeriod): Period => {
    // What has not happened yet is nobody's gain or loss: a period that ends today ends now.
    const to = Math.min(asked.to ?? Number.POSITIVE_INFINITY, nowOf(workspace))
    const from = asked.from ?? to - defaultPeriodMs
    if (to > from) return { from, to }
    throw new UserError('invalid-input', 'The period ends before it begins.', { remedy: 'Give "to" after "from".' })
  }

  const costsOf = async ({ workspaceId, timeZone }: Workspace, { from, to }: Period): Promise<CostFact[]> => {
    const days = { from: dateTextIn(from, timeZone), to: dateTextIn(to, timeZone) }
    return (await planning.costsBetween(workspaceId, days)).map((cost) => ({
      at: midnightIn(cost.on, timeZone),
      amountMinor: cost.amount.minor,
      currency: cost.amount.currency,
      kind: cost.kind,
      phase: cost.phase,
      channel: cost.channel,
      partner: cost.partner,
    }))
  }

  const ratesOf = async ({ workspaceId, currency, timeZone }: Workspace): Promise<DatedRate[]> =>
    (await planning.rates(workspaceId, currency)).map((entry) => ({
      currency: entry.currency,
      rate: entry.rate,
      from: midnightIn(entry.on, timeZone),
    }))

  const leavingOf = async (workspaceId: WorkspaceId): Promise<Leaving> => {
    const lapses = (await deps.lapses?.(workspaceId)) ?? null
    if (lapses !== null) return { kind: 'moves', lapses }
    const lostAfterDays = (await deps.lostAfterDays?.(workspaceId)) ?? null
    return lostAfterDays === null ? { kind: 'unknown' } : { kind: 'days', lostAfterDays }
  }

  const load = async (workspace: Workspace, period: Period) => {
    const { workspaceId, currency } = workspace
    const [facts, leaving, rates] = await Promise.all([
      readEquityFacts(postgres, workspaceId, { base: currency, before: period.to, guestsFrom: period.from }),
      leavingOf(workspaceId),
      ratesOf(workspace),
    ])
    return { facts, input: { orders: facts.orders, leaving, base: currency, rates, period } }
  }

  const statement: Equity['statement'] = async (workspaceId, asked) => {
    const workspace = await workspaces.get(workspaceId)
    const period = periodOf(workspace, asked)
    const [{ facts, input }, costs] = await Promise.all([load(workspace, period), costsOf(workspace, period)])
    const figures = await thread.run('statement', { ...input, costs })
    return viewStatement(figures, {
      period,
      facts,
      rates: datedRates(input.base, input.rates),
      leaving: input.leaving,
    })
  }

  const termPeople: Equity['termPeople'] = async (workspaceId, asked) => {
    const workspace = await workspaces.get(workspaceId)
    const period = periodOf(workspace, asked)
    const { input } = await load(workspace, period)
    const { term, offset, limit, withTitles } = asked
    const { heads, people } = await thread.run('people', { ...input, term, offset, limit })
    const ids = people.map((person) => brandAs<PersonId>(person.personId))
    const known = withTitles ? await deps.people.get(workspaceId, ids) : new Map()
    return {
      term,
      period,
      heads,
      currency: workspace.currency,
      people: people.map(({ personId, revenueMinor }) => {
        const facts = known.get(brandAs<PersonId>(personId))
        return { personId, title: facts ? titleOf(facts) : null, revenueMinor }
      }),
    }
  }

  /** Reads, computes and describes a figure; it is not kept yet. */
  const compute = async (workspace: Workspace, asOf: Instant, settings: EquitySettings, isCompared: boolean) => {
    const { workspaceId, currency, timeZone } = workspace
    const asOfDay = dateTextIn(asOf, timeZone)
    const year = { from: asOf - 366 * dayMs, to: asOf + 1 }
    const [facts, rates, costs, before] = await Promise.all([
      readEquityFacts(postgres, workspaceId, { base: currency, before: asOf + 1, guestsFrom: asOf + 1 }),
      ratesOf(workspace),
      costsOf(workspace, year),
      isCompared ? postgres.inWorkspace(workspaceId, (tx) => readBaseline(tx, workspaceId, asOfDay)) : null,
    ])
    const { orders, position } = facts
    const input = { orders, costs, base: currency, rates, timeZone, asOf, settings, before: before?.baseline ?? null }
    const { people, ...output } = await thread.run('forward', input)
    const computedAt = clock.now()
    const figure: KeptFigure = { figureId: newId<string>(), asOf, asOfDay, computedAt, position, settings, output }
    return { figure, people }
  }

  const refresh = (workspace: Workspace, settings: EquitySettings): Promise<KeptFigure> => {
    const { workspaceId } = workspace
    const known = underWay.get(workspaceId)
    if (known) return known
    const work = compute(workspace, nowOf(workspace), settings, true)
      .then(async ({ figure, people }) => {
        await keepFigure(postgres, workspaceId, figure, people)
        return figure
      })
      .finally(() => underWay.delete(workspaceId))
    underWay.set(workspaceId, work)
    return work
  }

  const refreshBeside = (workspace: Workspace, settings: EquitySettings): void => {
    refresh(workspace, settings).catch((error: unknown) =>
      log.warn({ err: error }, 'the forward figure could not be computed; the next who asks tries again'),
    )
  }

  const look = (workspaceId: WorkspaceId) =>
    postgres.inWorkspace(workspaceId, async (tx) => ({
      settings: await readEquitySettings(tx, workspaceId),
      kept: await readFigure(tx, workspaceId, 'current'),
      position: await readOrdersPosition(tx, workspaceId),
    }))

  const view = async (workspace: Workspace, figure: KeptFigure, isCurrent: boolean): Promise<ForwardEquityView> => {
    const baseline = await postgres.inWorkspace(workspace.workspaceId, (tx) =>
      readFigure(tx, workspace.workspaceId, 'baseline'),
    )
    return viewForward(figure, { currency: workspace.currency, isCurrent, baseline })
  }

  const isCurrent = (kept: KeptFigure, workspace: Workspace, position: KeptFigure['position']): boolean =>
    kept.position.live === position.live &&
    kept.position.bulk === position.bulk &&
    kept.asOfDay === dateTextIn(nowOf(workspace), workspace.timeZone)

  const forward: Equity['forward'] = async (workspaceId, { fresh = false, asOf } = {}) => {
    const workspace = await workspaces.get(workspaceId)
    const { settings, kept, position } = await look(workspaceId)
    if (asOf !== undefined) {
      const { figure } = await compute(workspace, Math.min(asOf, nowOf(workspace)), settings, false)
      return viewForward(figure, { currency: workspace.currency, isCurrent: true, baseline: null })
    }
    const mayServe = kept && !fresh && sameSettings(kept.settings, settings)
    if (!mayServe) return view(workspace, await refresh(workspace, settings), true)
    const upToDate = isCurrent(kept, workspace, position)
    if (!upToDate && clock.now() - kept.computedAt >= restMs) refreshBeside(workspace, settings)
    return view(workspace, kept, upToDate)
  }

  return {
    statement,
    clearErased: deleteErasedValues,
    termPeople,
    forward,
    keptForward: async (workspaceId) => {
      const [workspace, { kept, settings, position }] = await Promise.all([
        workspaces.get(workspaceId),
        look(workspaceId),
      ])
      const upToDate = kept !== null && isCurrent(kept, workspace, position)
      if (!upToDate && (kept === null || clock.now() - kept.computedAt >= restMs)) refreshBeside(workspace, settings)
      return kept && view(workspace, kept, upToDate)
    },
    settings: (workspaceId) => postgres.inWorkspace(workspaceId, (tx) => readEquitySettings(tx, workspaceId)),
    changeSettings: ({ workspaceId, actor }, change) =>
      postgres.inWorkspace(workspaceId, async (tx) => {
        const before = await readEquitySettings(tx, workspaceId)
        const settings = {
          model: change.model ?? before.model,
          margin: change.margin === undefined ? before.margin : change.margin,
          annualDiscountRate: change.annualDiscountRate ?? before.annualDiscountRate,
          horizonYears: change.horizonYears ?? before.horizonYears,
        }
        await writeEquitySettings(tx, workspaceId, settings, { at: clock.now(), actor })
        const entry = { workspaceId, actor, action: 'equity-settings.changed', object: `workspace:${workspaceId}` }
        await workspaces.audit(tx, { ...entry, detail: change })
        return settings
      }),
    valuesOf: async (workspaceId, persons) => {
      const [{ currency }, values] = await Promise.all([
        workspaces.get(workspaceId),
        postgres.inWorkspace(workspaceId, (tx) => readValues(tx, workspaceId, persons)),
      ])
      return new Map(values.map(({ personId, ...value }) => [personId, { ...value, currency }]))
    },
    close: () => thread.close(),
  }
}

const sameSettings = (a: EquitySettings, b: EquitySettings): boolean =>
  a.model === b.model &&
  a.margin === b.margin &&
  a.annualDiscountRate === b.annualDiscountRate &&
  a.horizonYears === b.horizonYears
