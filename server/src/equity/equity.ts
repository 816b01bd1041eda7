import type {
  EquityPerson,
  EquitySettings,
  EquityStatement,
  EquityTerm,
  ForwardEquityView,
  PersonForward,
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
import type { DatedRate } from './dated-rates.ts'
import { type OrdersPosition, readEquityFacts, readOrdersPosition } from './equity-facts-store.ts'
import { readEquitySettings, writeEquitySettings } from './equity-setting-store.ts'
import { differencesOf, type ForwardBasis, isSameBasis } from './forward-basis.ts'
import {
  clearErasedValues,
  type KeptFigure,
  keepFigure,
  readBaseline,
  readFigure,
  readValues,
  type ValueOfPerson,
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
  readonly planning: Pick<Planning, 'costsBetween' | 'rates' | 'marks'>
  /** The life cycle's definition of lost: so many days without a kept order. Null while it can't tell. */
  readonly lostAfterDays?: (workspaceId: WorkspaceId) => Promise<number | null>
  /** Who was lost and won back by the life cycle's own moves; goes before the days where it is given. */
  readonly lapses?: (workspaceId: WorkspaceId) => Promise<readonly PersonLapse[] | null>
}

/** The computation of a workspace's figure that was asked for last. */
interface UnderWay {
  readonly basis: ForwardBasis
  /** It may have read orders already. */
  hasBegun: boolean
  readonly work: Promise<KeptFigure>
}

/** What customers are worth: in a period (the statement) and from now on (the forward figure). */
export interface Equity {
  statement(workspaceId: WorkspaceId, period: AskedPeriod): Promise<EquityStatement>
  /** A page of the people behind a term. Titles only where the caller may see customers. */
  termPeople(
    workspaceId: WorkspaceId,
    asked: AskedPeriod & { term: EquityTerm; offset: number; limit: number; withTitles: boolean },
  ): Promise<TermPeople>
  /** The kept figure, computed when there is none, when what it rests on changed or when asked for a fresh one. */
  forward(workspaceId: WorkspaceId, options?: { fresh?: boolean; asOf?: Instant }): Promise<ForwardEquityView>
  /** The kept figure without waiting; null while there is none. A new one is computed beside where it is due. */
  keptForward(workspaceId: WorkspaceId): Promise<ForwardEquityView | null>
  settings(workspaceId: WorkspaceId): Promise<EquitySettings>
  changeSettings(
    caller: { workspaceId: WorkspaceId; actor: string },
    change: Partial<EquitySettings>,
  ): Promise<EquitySettings>
  /** Her part of the figure that is kept, as of when it is; no new one is begun for one person. */
  personForward(workspaceId: WorkspaceId, personId: PersonId): Promise<PersonForward>
  /** Forward values of some persons in the current figure; who is no customer is missing. */
  valuesOf(workspaceId: WorkspaceId, persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonValueView>>
  /** Takes out whose it is what somebody erased was expected to bring; null: of her orders nothing is kept. */
  clearErased(
    tx: Tx,
    workspaceId: WorkspaceId,
    erased: { readonly ids: readonly string[]; readonly pseudonym: string | null },
  ): Promise<void>
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
  const underWay = new Map<WorkspaceId, UnderWay>()
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
    const rates = await ratesOf(workspace)
    const range = {
      base: currency,
      before: period.to,
      guestsFrom: period.from,
      ratesFrom: rates.map(({ from }) => from),
    }
    const [facts, leaving] = await Promise.all([readEquityFacts(postgres, workspaceId, range), leavingOf(workspaceId)])
    return { facts, input: { orders: facts.orders, leaving, base: currency, rates, period } }
  }

  const statement: Equity['statement'] = async (workspaceId, asked) => {
    const workspace = await workspaces.get(workspaceId)
    const period = periodOf(workspace, asked)
    const [{ facts, input }, costs] = await Promise.all([load(workspace, period), costsOf(workspace, period)])
    const figures = await thread.run('statement', { ...input, costs, guests: facts.guests })
    return viewStatement(figures, { period, facts, leaving: input.leaving })
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

  const basisOf = async (workspace: Workspace, settings: EquitySettings, day: string): Promise<ForwardBasis> => {
    const { workspaceId, currency, timeZone } = workspace
    return { settings, currency, timeZone, ...(await planning.marks(workspaceId, { base: currency, upTo: day })) }
  }

  /** Holds a figure of this basis against the last one of an earlier day. */
  const compareWith = async (workspace: Workspace, day: string, basis: ForwardBasis) => {
    const { workspaceId } = workspace
    const before = await postgres.inWorkspace(workspaceId, (tx) => readBaseline(tx, workspaceId, day))
    if (before === null) return { compared: null, baseline: null }
    const { asOf, asOfDay, computedAt, basis: earlier } = before.figure
    const differs = differencesOf(earlier, await basisOf(workspace, basis.settings, asOfDay))
    return { compared: { asOf, computedAt, differs }, baseline: differs.length === 0 ? before.baseline : null }
  }
  const notCompared: Awaited<ReturnType<typeof compareWith>> = { compared: null, baseline: null }

  /**
   * Reads, computes and describes a figure; it is not kept yet. Its basis was looked at before: what changes while it is
   * computed makes it one that is computed anew, never one that is taken for the newest.
   */
  const compute = async (workspace: Workspace, asOf: Instant, basis: ForwardBasis, isCompared: boolean) => {
    const { workspaceId, currency, timeZone } = workspace
    const asOfDay = dateTextIn(asOf, timeZone)
    const year = { from: asOf - 366 * dayMs, to: asOf + 1 }
    const [facts, rates, costs, { compared, baseline }] = await Promise.all([
      readEquityFacts(postgres, workspaceId, {
        base: currency,
        before: asOf + 1,
        guestsFrom: asOf + 1,
        ratesFrom: [],
      }),
      ratesOf(workspace),
      costsOf(workspace, year),
      isCompared ? compareWith(workspace, asOfDay, basis) : notCompared,
    ])
    const { orders, position } = facts
    const { settings } = basis
    const input = { orders, costs, base: currency, rates, timeZone, asOf, settings, before: baseline }
    const { people, ...output } = await thread.run('forward', input)
    const computedAt = clock.now()
    const figure: KeptFigure = {
      figureId: newId<string>(),
      asOf,
      asOfDay,
      computedAt,
      position,
      basis,
      output,
      compared,
    }
    return { figure, people }
  }

  /**
   * One after another for a workspace, so that what was asked for last is kept last. Who asks for a basis that is under
   * way gets that figure; `fresh` only one that has not begun to read.
   */
  const refresh = (workspace: Workspace, basis: ForwardBasis, { fresh }: { fresh: boolean }): Promise<KeptFigure> => {
    const { workspaceId } = workspace
    const last = underWay.get(workspaceId)
    if (last && isSameBasis(last.basis, basis) && !(fresh && last.hasBegun)) return last.work
    const begin = async (): Promise<KeptFigure> => {
      await last?.work.catch(() => null)
      own.hasBegun = true
      const { figure, people } = await compute(workspace, nowOf(workspace), basis, true)
      await keepFigure(postgres, workspaceId, figure, people)
      return figure
    }
    const own: UnderWay = { basis, hasBegun: false, work: Promise.resolve().then(begin) }
    underWay.set(workspaceId, own)
    const forget = () => {
      if (underWay.get(workspaceId) === own) underWay.delete(workspaceId)
    }
    own.work.then(forget, forget)
    return own.work
  }

  const refreshBeside = (workspace: Workspace, basis: ForwardBasis): void => {
    refresh(workspace, basis, { fresh: false }).catch((error: unknown) =>
      log.warn({ err: error }, 'the forward figure could not be computed; the next who asks tries again'),
    )
  }

  /** The kept figure, whether it still rests on what holds now, and whether nothing has come since. */
  const look = async (workspace: Workspace) => {
    const { workspaceId, timeZone } = workspace
    const { settings, kept, position } = await postgres.inWorkspace(workspaceId, async (tx) => ({
      settings: await readEquitySettings(tx, workspaceId),
      kept: await readFigure(tx, workspaceId, 'current'),
      position: await readOrdersPosition(tx, workspaceId),
    }))
    const today = dateTextIn(nowOf(workspace), timeZone)
    const basis = await basisOf(workspace, settings, today)
    const isOfToday = kept?.asOfDay === today
    const standing = kept === null || isOfToday ? basis : await basisOf(workspace, settings, kept.asOfDay)
    const holds = kept !== null && isSameBasis(kept.basis, standing)
    return { basis, kept, position, holds, isCurrent: holds && isOfToday && covers(kept, position) }
  }

  const forward: Equity['forward'] = async (workspaceId, { fresh = false, asOf } = {}) => {
    const workspace = await workspaces.get(workspaceId)
    const { basis, kept, position, holds, isCurrent } = await look(workspace)
    if (asOf !== undefined) {
      const until = Math.min(asOf, nowOf(workspace))
      const { figure } = await compute(workspace, until, basis, false)
      return viewForward(figure, true)
    }
    if (kept === null || fresh || !holds) {
      const figure = await refresh(workspace, basis, { fresh })
      return viewForward(figure, covers(figure, position))
    }
    if (!isCurrent && clock.now() - kept.computedAt >= restMs) refreshBeside(workspace, basis)
    return viewForward(kept, isCurrent)
  }

  return {
    statement,
    clearErased: clearErasedValues,
    termPeople,
    forward,
    keptForward: async (workspaceId) => {
      const workspace = await workspaces.get(workspaceId)
      const { basis, kept, holds, isCurrent } = await look(workspace)
      const isDue = kept === null || !holds || clock.now() - kept.computedAt >= restMs
      if (!isCurrent && isDue) refreshBeside(workspace, basis)
      return kept && viewForward(kept, isCurrent)
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
    personForward: async (workspaceId, personId) => {
      const { kept, values } = await postgres.inWorkspace(
        workspaceId,
        async (tx) => ({
          kept: await readFigure(tx, workspaceId, 'current'),
          values: await readValues(tx, workspaceId, [personId]),
        }),
        { readOnly: true, isolation: 'repeatable read' },
      )
      if (kept === null || kept.output.figure.kind === 'not-computed') return { figure: null, value: null }
      const { asOf, computedAt, basis } = kept
      const { margin, horizonYears } = basis.settings
      return {
        figure: { of: margin === null ? 'revenue' : 'margin', asOf, computedAt, horizonYears },
        value: values.map(viewPersonValue)[0] ?? null,
      }
    },
    valuesOf: async (workspaceId, persons) => {
      const values = await postgres.inWorkspace(workspaceId, (tx) => readValues(tx, workspaceId, persons))
      return new Map(values.map((value) => [value.personId, viewPersonValue(value)]))
    },
    close: () => thread.close(),
  }
}

const viewPersonValue = ({ personId: _, ...value }: ValueOfPerson): PersonValueView => value

/** Nothing has come that it does not know. */
const covers = (figure: KeptFigure, { live, bulk }: OrdersPosition): boolean =>
  figure.position.live >= live && figure.position.bulk >= bulk
