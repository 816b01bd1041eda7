import type {
  Cost,
  CostDraft,
  CostImported,
  costImport,
  ExchangeRateEntry,
  exchangeRateDraft,
  Phase,
  PhaseKey,
} from '@baton/contract'
import type { z } from 'zod'
import { answersFor, notFound, type Principal, refuseOutside, UserError } from '../http/index.ts'
import { type Clock, countable, idOf, newId, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import type { Workspaces } from '../workspaces/index.ts'
import {
  anyCost,
  type CostTotal,
  deleteCost,
  findCost,
  insertCosts,
  markCosts,
  type NewCost,
  readCostsBetween,
} from './cost-store.ts'
import { deleteRate, listRates, markRates, putRate } from './exchange-rate-store.ts'
import { readNamedOwners } from './phase-owner-store.ts'
import { changePhaseOwners, listPhases, type PhasesDeps, phaseOwner } from './phases.ts'
import { readCostRows } from './read-cost-rows.ts'

export interface PlanningDeps extends PhasesDeps {
  readonly postgres: Postgres
  readonly clock: Clock
  readonly workspaces: Pick<Workspaces, 'get' | 'audit'>
}

/** Who asks for a change, for the audit, and which part of the operation is hers. */
export type Caller = Pick<Principal, 'workspaceId' | 'actor' | 'scope'>

/** Who answers for what, and what it costs. */
export interface Planning {
  phases(workspaceId: WorkspaceId): Promise<Phase[]>
  namePhaseOwners(caller: Caller, named: readonly { phase: PhaseKey; userId: string }[]): Promise<Phase[]>
  /** The one accountable person of a phase: named, else the workspace's first owner. */
  phaseOwner(workspaceId: WorkspaceId, phase: string): Promise<string | null>
  /** Somebody was named for every phase. */
  areOwnersNamed(workspaceId: WorkspaceId): Promise<boolean>
  addCost(caller: Caller, draft: CostDraft): Promise<Cost>
  importCosts(caller: Caller, file: z.output<typeof costImport>): Promise<CostImported>
  removeCost(caller: Caller, costId: string): Promise<void>
  /** Every cost of these calendar days, both included. */
  costsBetween(workspaceId: WorkspaceId, days: { from: string; to: string }): Promise<readonly Cost[]>
  hasCosts(workspaceId: WorkspaceId): Promise<boolean>
  /** What differs where acquisition costs, or rates into `base`, of days up to `upTo` do: so that a kept figure knows. */
  marks(workspaceId: WorkspaceId, of: { base: string; upTo: string }): Promise<{ costs: string; rates: string }>
  rates(workspaceId: WorkspaceId, base?: string): Promise<ExchangeRateEntry[]>
  putRate(caller: Caller, entry: z.output<typeof exchangeRateDraft>): Promise<ExchangeRateEntry[]>
  removeRate(caller: Caller, entry: Pick<ExchangeRateEntry, 'currency' | 'base' | 'on'>): Promise<void>
}

export const createPlanning = (deps: PlanningDeps): Planning => {
  const { postgres, clock, workspaces } = deps
  const within = <T>(workspaceId: WorkspaceId, work: Parameters<typeof postgres.inWorkspace<T>>[1]) =>
    postgres.inWorkspace(workspaceId, work)

  return {
    phases: (workspaceId) => listPhases(deps, workspaceId),
    namePhaseOwners: async (caller, named) => {
      for (const each of named) refuseOutside(caller, each)
      return changePhaseOwners(deps, { ...caller, named, at: clock.now() })
    },
    phaseOwner: (workspaceId, phase) => phaseOwner(postgres, workspaceId, phase),
    areOwnersNamed: async (workspaceId) =>
      (await within(workspaceId, (tx) => readNamedOwners(tx, workspaceId))).length === 5,

    addCost: async ({ workspaceId, actor, scope }, draft) => {
      refuseOutside({ scope }, draft)
      return within(workspaceId, async (tx) => {
        const costId = newId<string>()
        await insertCosts(tx, workspaceId, [{ ...draft, costId, importId: null }], { at: clock.now(), actor })
        await workspaces.audit(tx, { workspaceId, actor, action: 'cost.entered', object: `cost:${costId}` })
        const made = await findCost(tx, workspaceId, costId)
        if (!made) throw notFound('cost')
        return made
      })
    },

    importCosts: (caller, file) => importCosts(deps, caller, file),

    removeCost: ({ workspaceId, actor, scope }, costId) =>
      within(workspaceId, async (tx) => {
        const found = await findCost(tx, workspaceId, costId)
        if (found) refuseOutside({ scope }, found)
        if (!(await deleteCost(tx, workspaceId, costId))) throw notFound('cost')
        await workspaces.audit(tx, { workspaceId, actor, action: 'cost.removed', object: `cost:${costId}` })
      }),

    costsBetween: (workspaceId, days) => within(workspaceId, (tx) => readCostsBetween(tx, workspaceId, days)),
    hasCosts: (workspaceId) => within(workspaceId, (tx) => anyCost(tx, workspaceId)),
    marks: (workspaceId, { base, upTo }) =>
      within(workspaceId, async (tx) => ({
        costs: await markCosts(tx, workspaceId, { kind: 'acquisition', upTo }),
        rates: await markRates(tx, workspaceId, { base, upTo }),
      })),

    rates: (workspaceId, base) => within(workspaceId, (tx) => listRates(tx, workspaceId, base)),
    putRate: async ({ workspaceId, actor }, draft) => {
      const entry = { ...draft, base: draft.base ?? (await workspaces.get(workspaceId)).currency }
      if (entry.base === entry.currency)
        throw new UserError('invalid-input', `${entry.currency} into ${entry.base} is 1 by itself.`, {
          remedy: 'Name another currency than that of the workspace.',
        })
      return within(workspaceId, async (tx) => {
        await putRate(tx, workspaceId, entry, { at: clock.now(), actor })
        const object = `exchange-rate:${entry.currency}-${entry.base}-${entry.on}`
        await workspaces.audit(tx, {
          workspaceId,
          actor,
          action: 'exchange-rate.entered',
          object,
          detail: { rate: entry.rate },
        })
        return listRates(tx, workspaceId)
      })
    },
    removeRate: ({ workspaceId, actor }, entry) =>
      within(workspaceId, async (tx) => {
        if (!(await deleteRate(tx, workspaceId, entry))) throw notFound('exchange rate')
        const object = `exchange-rate:${entry.currency}-${entry.base}-${entry.on}`
        await workspaces.audit(tx, { workspaceId, actor, action: 'exchange-rate.removed', object })
      }),
  }
}

const rowsPerInsert = 5_000
const outsideOfScope = {
  reason: 'It is outside of what you answer for',
  remedy: 'Name a phase and partner of yours, or ask an owner to widen your scope.',
}

/**
 * A row's id is a hash of what it says and of how many rows before it in the file say the same: the same file twice,
 * or a longer one that begins with it, adds only what is new.
 */
const importCosts = async (
  deps: PlanningDeps,
  { workspaceId, actor, scope }: Caller,
  file: z.output<typeof costImport>,
): Promise<CostImported> => {
  const currency = file.currency ?? (await deps.workspaces.get(workspaceId)).currency
  const read = readCostRows(file.csv, { currency, dateFormat: file.dateFormat, decimalMark: file.decimalMark })
  if (read.kind === 'unreadable') throw new UserError('invalid-input', read.message, { remedy: read.remedy })
  const importId = idOf<string>('cost-import', workspaceId, file.csv)
  const seen = new Map<string, number>()
  const isOwn = ({ cost }: (typeof read.rows)[number]): boolean => answersFor({ scope }, cost)
  const outside = read.rows
    .filter((row) => !isOwn(row))
    .map(({ line, cost }) => ({
      line,
      ...outsideOfScope,
      text: [cost.on, cost.kind, cost.phase, cost.partner].join(', '),
    }))
  const costs = read.rows.filter(isOwn).map(({ cost }): NewCost => {
    const said = JSON.stringify([
      cost.on,
      cost.amount.minor,
      cost.amount.currency,
      cost.kind,
      cost.phase,
      cost.channel,
      cost.partner,
      cost.note,
    ])
    const nth = seen.get(said) ?? 0
    seen.set(said, nth + 1)
    return { ...cost, costId: idOf('cost', workspaceId, said, String(nth)), importId }
  })
  const added = new Set<string>()
  await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    const by = { at: deps.clock.now(), actor }
    for (let at = 0; at < costs.length; at += rowsPerInsert)
      for (const costId of await insertCosts(tx, workspaceId, costs.slice(at, at + rowsPerInsert), by))
        added.add(costId)
    await deps.workspaces.audit(tx, {
      workspaceId,
      actor,
      action: 'cost.imported',
      object: `cost-import:${importId}`,
      detail: { rows: costs.length, added: added.size, rejected: read.refused.length + outside.length },
    })
  })
  return {
    importId,
    rows: read.rows.length + read.refused.length,
    added: added.size,
    repeated: costs.length - added.size,
    rejected: [...read.refused, ...outside].sort((a, b) => a.line - b.line),
    totals: totalsOf(costs.filter((cost) => added.has(cost.costId))),
  }
}

const totalsOf = (costs: readonly NewCost[]): CostTotal[] => {
  const sums = new Map<string, { kind: Cost['kind']; currency: string; minor: number; entries: number }>()
  for (const { kind, amount } of costs) {
    const key = `${kind} ${amount.currency}`
    const sum = sums.get(key) ?? { kind, currency: amount.currency, minor: 0, entries: 0 }
    sums.set(key, { ...sum, minor: countable(sum.minor + amount.minor), entries: sum.entries + 1 })
  }
  return [...sums.values()]
}
