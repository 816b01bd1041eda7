import type { TrackKey } from '@baton/contract'
import type { Instant, PersonId, WorkspaceId } from '../kernel/index.ts'
import type { MaskConsumer } from '../segments/index.ts'
import type { Tx } from '../stores/index.ts'
import {
  addToCounts,
  type CountDelta,
  deleteStandings,
  insertMoves,
  readDefinition,
  readEnded,
  readNextEnd,
  readStandings,
  writeStandings,
} from './life-cycle-store.ts'
import { type Move, type Standing, settleStates } from './settle-states.ts'
import { isStateRuleKey } from './state-rules.ts'

/**
 * Keeps everybody's states: told of every change of rules in the tick's own transaction, it writes moves, standings and
 * counts with it. Never more than the tick's people at once, in a few set-based statements.
 */
export const followMasks: MaskConsumer = {
  changed: async (tx, { workspaceId, tick, knownAt, changes }) => {
    const stored = await readDefinition(tx, workspaceId)
    if (stored === null) return
    const concerned = changes.filter(
      ({ before, after, cause }) =>
        before === null || after === null || cause === 'time' || !isSameStates(before, after),
    )
    if (concerned.length === 0) return
    const persons = concerned.map(({ personId }) => personId)
    const current = await readStandings(tx, workspaceId, persons)
    const moves: (Move & { evidence: Evidence })[] = []
    const standings: (Standing & { personId: PersonId })[] = []
    const gone: PersonId[] = []
    const counts = createCounts()
    for (const change of concerned) {
      const old = current.get(change.personId) ?? []
      const settled = settleStates(stored.definition, old, change, knownAt)
      for (const move of settled.moves) moves.push({ ...move, evidence: evidenceOf(change.after) })
      if (change.after === null) gone.push(change.personId)
      const changed = settled.standings.filter((standing) => !old.some((each) => isSame(each, standing)))
      standings.push(...changed.map((standing) => ({ ...standing, personId: change.personId })))
      for (const { track, state, atRisk } of old)
        if (change.after === null || changed.some((each) => each.track === track)) counts.add(track, state, -1, atRisk)
      for (const { track, state, atRisk } of changed) counts.add(track, state, 1, atRisk)
    }
    await writeStandings(tx, workspaceId, standings)
    await deleteStandings(tx, workspaceId, gone)
    await insertMoves(tx, workspaceId, { tick, knownAt }, moves)
    await addToCounts(tx, workspaceId, counts.list())
  },
  ended: (tx: Tx, workspaceId: WorkspaceId, now: Instant, limit: number) => readEnded(tx, workspaceId, now, limit),
  nextEnd: readNextEnd,
}

type Evidence = { readonly held: string[] }

/** The segments' room hands out one set for all people with equal masks: what is asked of it is worked out once. */
const statesBySet = new WeakMap<ReadonlySet<string>, { readonly evidence: Evidence; readonly text: string }>()
const statesOf = (keys: ReadonlySet<string>) => {
  const known = statesBySet.get(keys)
  if (known !== undefined) return known
  const held = [...keys].filter(isStateRuleKey).sort()
  const states = { evidence: { held }, text: held.join('\n') }
  statesBySet.set(keys, states)
  return states
}
const noEvidence: Evidence = { held: [] }
const evidenceOf = (keys: ReadonlySet<string> | null): Evidence =>
  keys === null ? noEvidence : statesOf(keys).evidence

const isSameStates = (before: ReadonlySet<string>, after: ReadonlySet<string>): boolean =>
  before === after || statesOf(before).text === statesOf(after).text

const isSame = (one: Standing, other: Standing): boolean =>
  one.track === other.track &&
  one.state === other.state &&
  one.since === other.since &&
  one.until === other.until &&
  one.atRisk === other.atRisk

const createCounts = () => {
  const deltas = new Map<string, CountDelta>()
  return {
    add: (track: TrackKey, state: string, people: number, atRisk: boolean): void => {
      const key = `${track} ${state}`
      const known = deltas.get(key) ?? { track, state, people: 0, atRisk: 0 }
      deltas.set(key, { ...known, people: known.people + people, atRisk: known.atRisk + (atRisk ? people : 0) })
    },
    list: (): readonly CountDelta[] =>
      [...deltas.values()].filter(({ people, atRisk }) => people !== 0 || atRisk !== 0),
  }
}
