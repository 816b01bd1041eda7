import type { PersonId, WorkspaceId } from '../kernel/index.ts'
import type { Projected } from '../people/index.ts'
import { findDifferences } from './find-differences.ts'
import { findSliceEnd, hasMasks, insertMasks } from './mask-sql.ts'
import { type RuleVersion, slottedRules } from './rule-versions.ts'
import type { SegmentsStageDeps } from './tick-deps.ts'
import type { TickState } from './tick-store.ts'

const peopleAtOnce = 20_000

export type Refilled = 'not-needed' | 'waiting' | 'done'

/**
 * Masks live in ClickHouse alone. Where it was lost or restored from the log they are computed again, as of the last
 * tick's own instant, so that the next tick finds the differences it would have found: nobody enters or leaves by the
 * loss. Waits until the projection has come as far as that tick had.
 */
export const refillMasks = async (
  deps: Pick<SegmentsStageDeps, 'clickhouse'>,
  workspaceId: WorkspaceId,
  tick: { state: TickState; rules: readonly RuleVersion[]; projected: Projected },
): Promise<Refilled> => {
  const { state, rules, projected } = tick
  if (state.number === 0 || (await hasMasks(deps.clickhouse, workspaceId))) return 'not-needed'
  if (projected.live < state.live || projected.bulk < state.bulk) return 'waiting'
  const slotted = slottedRules(rules)
  for (let after: PersonId | null = null; ; ) {
    const upTo = await findSliceEnd(deps.clickhouse, workspaceId, after, peopleAtOnce)
    const { differences } = await findDifferences(deps.clickhouse, slotted, {
      workspaceId,
      now: state.now,
      batch: projected.batch,
      scope: { kind: 'range', after, upTo },
    })
    const present = differences.filter((each) => each.present)
    await insertMasks(
      deps.clickhouse,
      workspaceId,
      state.number,
      present.map(({ personId, words, nextChangeAt }) => ({ personId, words, nextChangeAt, gone: false })),
    )
    if (upTo === null) return 'done'
    after = upTo
  }
}
