import type { Testimony } from './witness-journal.ts'

/** What the stores hold, as read by `witness-stores.ts`. */
export interface Held {
  /** Message ids in PostgreSQL's log; a repeat stands there as often as it was sent. */
  readonly logged: ReadonlySet<string>
  /** Message ids in ClickHouse, and how often. */
  readonly projected: ReadonlyMap<string, number>
}

/** Empty lists all: the invariant holds. At most the first ten of each are listed, `count` tells how many there are. */
export interface Breaches {
  readonly lost: Found
  readonly doubled: Found
  readonly phantom: Found
}
interface Found {
  readonly count: number
  readonly first: readonly string[]
}

const found = (ids: Iterable<string>): Found => {
  const all = [...ids]
  return { count: all.length, first: all.slice(0, 10) }
}

export const noBreach: Found = found([])

/** I1, the first half, at any instant: what was answered 200 is in the log; and nothing stands there unasked (I2). */
export const judgeLog = (seen: Pick<Testimony, 'asked' | 'acknowledged'>, logged: Held['logged']): Breaches => ({
  lost: found(seen.acknowledged.difference(logged)),
  doubled: noBreach,
  phantom: found(logged.difference(seen.asked)),
})

/**
 * I1 and I2 when things are quiet: what was answered 200 stands exactly once, what was asked and never answered at most
 * once, and nothing else stands there.
 */
export const judgeProjection = (
  seen: Pick<Testimony, 'asked' | 'acknowledged'>,
  projected: Held['projected'],
): Breaches => {
  const ids = new Set(projected.keys())
  return {
    lost: found(seen.acknowledged.difference(ids)),
    doubled: found([...projected].flatMap(([id, times]) => (times > 1 ? [`${id} × ${times}`] : []))),
    phantom: found(ids.difference(seen.asked)),
  }
}

/** I4: no message reached the sink twice; what the ledger calls accepted did, what it says never left did not. */
export const judgeMails = (
  mails: Testimony['mails'],
  ledger: ReadonlyMap<string, string>,
): Breaches & { readonly uncertain: number } => {
  const inState = (...states: string[]) => [...ledger].flatMap(([id, state]) => (states.includes(state) ? [id] : []))
  const maybe = new Set(inState('accepted', 'uncertain', 'intent'))
  return {
    lost: found(inState('accepted').filter((id) => !mails.has(id))),
    doubled: found([...mails].flatMap(([id, times]) => (times > 1 ? [`${id} × ${times}`] : []))),
    phantom: found([...mails.keys()].filter((id) => !maybe.has(id))),
    uncertain: inState('uncertain').length,
  }
}
