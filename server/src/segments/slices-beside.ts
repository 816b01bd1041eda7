import type { Instant, PersonId, WorkspaceId } from '../kernel/index.ts'
import type { Looked } from './look-at.ts'
import type { Slice } from './query-scope.ts'

/**
 * A slice of a recount that is looked at beside the ticks of live facts, so that these do not wait for it. What it finds
 * holds for those whom no tick looked at since it began: a tick knows better, by newer facts, of all rules.
 */
export interface SliceBeside {
  readonly slice: Slice
  /** Of the rules it asks about. */
  readonly revision: string
  /** The newest tick of this process since it began; after somebody else's tick it is worth nothing. */
  tick: number
  /** Whom ticks looked at since it began, the one that began it included. */
  readonly touched: Set<PersonId>
  /** What was found, or why nothing was; null while it is looked at. */
  outcome: { readonly looked: Looked } | { readonly failure: unknown } | null
  /** Ends when there is an outcome. */
  readonly ended: Promise<void>
}

export const beginBeside = (
  slice: Slice,
  { revision, tick, look }: { revision: string; tick: number; look: Promise<Looked> },
): SliceBeside => {
  const ended = look.then(
    (looked) => {
      beside.outcome = { looked }
    },
    (failure: unknown) => {
      beside.outcome = { failure }
    },
  )
  const beside: SliceBeside = { slice, revision, tick, touched: new Set(), outcome: null, ended }
  return beside
}

/**
 * What may be written of it at `now`, and who must be looked at anew: those for whom time changes something between the
 * instant it was asked for and `now`. Pure.
 */
export const takeBeside = (
  looked: Looked,
  touched: ReadonlySet<PersonId>,
  now: Instant,
): { readonly found: Looked; readonly again: readonly PersonId[] } => {
  const valid = looked.differences.filter(({ personId }) => !touched.has(personId))
  const isLate = ({ present, nextChangeAt }: (typeof valid)[number]) => present && nextChangeAt <= now
  return {
    found: { ...looked, differences: valid.filter((difference) => !isLate(difference)) },
    again: valid.filter(isLate).map(({ personId }) => personId),
  }
}

/** The slices of this process, one a workspace. */
export interface SlicesBeside {
  /** Undefined where there is none, or it is worth nothing any more. */
  of(workspaceId: WorkspaceId, standing: { tick: number; revision: string }): SliceBeside | undefined
  keep(workspaceId: WorkspaceId, beside: SliceBeside): void
  /** It failed: the next turn begins it anew. */
  drop(workspaceId: WorkspaceId): void
  /** New facts came, now. */
  sawFacts(workspaceId: WorkspaceId): void
  /** New facts came lately, so that more may come any moment: a slice in a turn would keep them waiting. */
  isBusy(workspaceId: WorkspaceId): boolean
  /** A tick of this process was written, with what the slice found or without. */
  passed(workspaceId: WorkspaceId, by: { tick: number; sliced: boolean }): void
}

const latelyMs = 1_000

export const createSlicesBeside = (): SlicesBeside => {
  const kept = new Map<WorkspaceId, SliceBeside>()
  const factsAt = new Map<WorkspaceId, number>()
  return {
    of: (workspaceId, { tick, revision }) => {
      const found = kept.get(workspaceId)
      if (found !== undefined && (found.tick !== tick || found.revision !== revision)) kept.delete(workspaceId)
      return kept.get(workspaceId)
    },
    keep: (workspaceId, beside) => kept.set(workspaceId, beside),
    drop: (workspaceId) => kept.delete(workspaceId),
    sawFacts: (workspaceId) => factsAt.set(workspaceId, performance.now()),
    isBusy: (workspaceId) => performance.now() - (factsAt.get(workspaceId) ?? Number.NEGATIVE_INFINITY) < latelyMs,
    passed: (workspaceId, { tick, sliced }) => {
      const found = kept.get(workspaceId)
      if (found === undefined) return
      if (sliced) kept.delete(workspaceId)
      else found.tick = tick
    },
  }
}
