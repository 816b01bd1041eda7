import type { PersonId, WorkspaceId } from '../kernel/index.ts'
import { markWhole, type Projected, readWhole, unmarkWhole } from '../people/index.ts'
import { findDifferences } from './find-differences.ts'
import { findConcerned, mostEvents, readLane } from './find-work.ts'
import { noBits, setBit, wordCount } from './mask.ts'
import { findSliceEnd, insertMasks } from './mask-sql.ts'
import { peoplePositions } from './people-positions.ts'
import { type RuleVersion, slottedRules } from './rule-versions.ts'
import { never } from './sql-scope.ts'
import { ClickHouseLostError, type SegmentsStageDeps } from './tick-deps.ts'
import { membershipsByChanges, type TickState } from './tick-store.ts'

const defaultAtOnce = 20_000

export type Refilled = 'not-needed' | 'waiting' | 'done'

type RefillDeps = Pick<SegmentsStageDeps, 'clickhouse' | 'postgres' | 'people' | 'refilledAtOnce'>
interface AsOf {
  readonly state: TickState
  readonly rules: readonly RuleVersion[]
  readonly projected: Projected
}

/**
 * Masks live in ClickHouse alone. Where it was lost or restored from the log they are computed again, as of the last
 * tick's own instant, so that the next tick finds the differences it would have found: nobody enters or leaves by the
 * loss. Waits until the projection has come as far as that tick had; fails with `ClickHouseLostError` where what was
 * projected before is not there. Stopped in between it begins anew, which changes nothing: done is what is marked as whole.
 */
export const refillMasks = async (deps: RefillDeps, workspaceId: WorkspaceId, asOf: AsOf): Promise<Refilled> => {
  const { clickhouse } = deps
  const { state, projected } = asOf
  const whole = await readWhole(clickhouse, workspaceId, 'tick')
  if (projected.batch > 0 && !whole.has('people')) {
    if (await deps.people.hasAnybody(workspaceId)) throw new ClickHouseLostError()
    await markWhole(clickhouse, [workspaceId], 'people', 'tick')
  }
  if (whole.has('masks')) return 'not-needed'
  if (projected.live < state.live || projected.bulk < state.bulk) return 'waiting'
  if (state.number > 0) await refillAll(deps, workspaceId, asOf)
  await markWhole(clickhouse, [workspaceId], 'masks', 'tick')
  return 'done'
}

const refillAll = async (deps: RefillDeps, workspaceId: WorkspaceId, asOf: AsOf): Promise<void> => {
  const { clickhouse, refilledAtOnce = defaultAtOnce } = deps
  const { state, rules, projected } = asOf
  const slotted = slottedRules(rules)
  await unmarkWhole(clickhouse, workspaceId, 'masks', 'tick')
  const untold = createUntold(deps, workspaceId, asOf)
  for (let after: PersonId | null = null; ; ) {
    const upTo = await findSliceEnd(clickhouse, workspaceId, after, refilledAtOnce)
    const { differences } = await findDifferences(clickhouse, slotted, {
      workspaceId,
      now: state.now,
      batch: projected.batch,
      scope: { kind: 'range', after, upTo },
    })
    // What was done meanwhile may have been looked at already: who may have been seen ahead of her tick is read afterwards.
    await untold.readOn()
    const present = differences.filter(({ present, personId }) => present && !untold.persons.has(personId))
    await insertMasks(
      clickhouse,
      workspaceId,
      state.number,
      present.map(({ personId, words, nextChangeAt }) => ({ personId, words, nextChangeAt, gone: false })),
    )
    if (upTo === null) break
    after = upTo
  }
  await refillUntold(deps, workspaceId, asOf, [...untold.persons])
}

/** Whom the coming ticks will look at for what the last tick did not know, and ClickHouse may hold already. */
const createUntold = (deps: RefillDeps, workspaceId: WorkspaceId, { state, rules }: AsOf) => {
  const persons = new Set<PersonId>()
  const readTo = { live: state.live, bulk: state.bulk }
  return {
    persons: persons as ReadonlySet<PersonId>,
    /** As far as the people stage has come by now. */
    readOn: async (): Promise<void> => {
      const handled = await peoplePositions(deps.postgres, workspaceId)
      for (const lane of ['live', 'bulk'] as const)
        while (readTo[lane] < handled[lane]) {
          const read = await readLane(deps, workspaceId, lane, readTo[lane], handled[lane], mostEvents)
          for (const personId of findConcerned(read.batches, rules)) persons.add(personId)
          readTo[lane] = read.to
          if (!read.more) break
        }
    },
  }
}

/** Their masks can't be computed any more; what they were told to be in stands in PostgreSQL. A tick soon makes them whole. */
const refillUntold = async (
  { clickhouse, postgres, refilledAtOnce = defaultAtOnce }: RefillDeps,
  workspaceId: WorkspaceId,
  { state, rules }: AsOf,
  untold: readonly PersonId[],
): Promise<void> => {
  const slotOf = new Map(rules.filter((rule) => rule.state !== 'counting').map(({ ruleKey, slot }) => [ruleKey, slot]))
  const width = wordCount(Math.max(-1, ...rules.map(({ slot }) => slot)))
  for (let at = 0; at < untold.length; at += refilledAtOnce) {
    const persons = untold.slice(at, at + refilledAtOnce)
    const memberships = await postgres.inWorkspace(workspaceId, (tx) => membershipsByChanges(tx, workspaceId, persons))
    const masks = [...memberships].map(([personId, ruleKeys]) => {
      const words = noBits(width)
      for (const ruleKey of ruleKeys) {
        const slot = slotOf.get(ruleKey)
        if (slot !== undefined) setBit(words, slot)
      }
      return { personId, words, nextChangeAt: never, gone: false }
    })
    await insertMasks(clickhouse, workspaceId, state.number, masks)
  }
}
