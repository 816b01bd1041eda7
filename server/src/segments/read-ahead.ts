import type { WorkspaceId } from '../kernel/index.ts'
import type { Projected } from '../people/index.ts'
import { findSliceEnd } from './mask-sql.ts'
import { readPeopleAtHand, rememberAll } from './people-at-hand.ts'
import type { SegmentsStageDeps } from './tick-deps.ts'
import type { WorkspaceFacts } from './workspace-facts.ts'

/** Few enough that a fact which comes meanwhile hardly waits. */
const peopleAtOnce = 4_000

/** What more may be remembered of a workspace, after a turn. */
export interface Ahead {
  readonly facts: WorkspaceFacts
  readonly projected: Projected
}

/** Reads a slice of those who are not remembered yet, while there is room; true when there is nobody left to read. */
export const readSomeAhead = async (
  deps: Pick<SegmentsStageDeps, 'clickhouse' | 'log'>,
  hasRoom: () => boolean,
  workspaceId: WorkspaceId,
  { facts, projected }: Ahead,
): Promise<boolean> => {
  const after = facts.readAheadFrom
  const { layout, tick } = facts.standing
  if (after === undefined || layout.events.length === 0 || !hasRoom()) return true
  try {
    const upTo = await findSliceEnd(deps.clickhouse, workspaceId, after, peopleAtOnce)
    const scope = { kind: 'range', after, upTo } as const
    const asked = { workspaceId, batch: projected.batch, scope }
    const people = (await readPeopleAtHand(deps.clickhouse, layout, asked)) ?? new Map()
    const unknown = new Map([...people].filter(([personId]) => !facts.has(personId)))
    await rememberAll(facts, unknown, { projected, tick })
    facts.readAheadFrom = upTo ?? undefined
  } catch (error) {
    // Nothing depends on it, and the tick before it stands: whoever is not remembered is read when she is looked at.
    deps.log.warn({ err: error }, 'people could not be read ahead; they are read when they do something')
    facts.readAheadFrom = undefined
  }
  return facts.readAheadFrom === undefined
}
