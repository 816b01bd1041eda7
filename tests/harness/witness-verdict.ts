import type { Erasure } from '../../contract/src/erasure.ts'
import type { Expected, ExpectedRun } from './expected-runs.ts'
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

/** Somebody whose erasure was asked for. */
export interface Forgotten {
  /** What is unlike anybody else's in each of her identifiers and orders. */
  readonly id: string
  readonly personId: string
  /** As it was answered; null: nobody knows whether it was taken. */
  readonly erasureId: string | null
}

/** An erasure as the API lists it. */
export type ListedErasure = Pick<Erasure, 'erasureId' | 'personIds' | 'state'>

export interface ErasureVerdict extends Breaches {
  /** Not at its end although nothing waits. */
  readonly undone: Found
  /** Of somebody whose erasure stands there something does, too. */
  readonly standing: Found
}

/**
 * I8 when things are quiet: each erasure that was answered is there, one that was not may be; nobody has two and nobody
 * was erased unasked; each is done, and nothing of hers was found anywhere.
 */
export const judgeErasures = (
  asked: readonly Forgotten[],
  listed: readonly ListedErasure[],
  standing: readonly { readonly place: string; readonly id: string }[],
): ErasureVerdict => {
  const ofPerson = new Map(
    asked.map((her) => [her.personId, listed.filter(({ personIds }) => personIds.includes(her.personId))]),
  )
  const known = new Set([...ofPerson.values()].flat())
  const erased = new Set(asked.flatMap(({ id, personId }) => (ofPerson.get(personId)?.length ? [id] : [])))
  return {
    lost: found(
      asked.flatMap(({ id, personId, erasureId }) =>
        erasureId !== null && !ofPerson.get(personId)?.some((one) => one.erasureId === erasureId) ? [id] : [],
      ),
    ),
    doubled: found([...ofPerson].flatMap(([id, of]) => (of.length > 1 ? [`${id} × ${of.length}`] : []))),
    phantom: found(listed.filter((one) => !known.has(one)).map(({ erasureId }) => erasureId)),
    undone: found(listed.filter(({ state }) => state !== 'done').map(({ erasureId }) => erasureId)),
    standing: found(standing.flatMap(({ place, id }) => (erased.has(id) ? [`${place}: ${id}`] : []))),
  }
}

/** A run as the tables tell it. */
export interface HeldRun {
  readonly runId: string
  /** Of the event that began it. */
  readonly messageId: string
  readonly cart: string
  readonly subjectId: string
  /** All identifiers of its subject, as `userId …`. */
  readonly identities: readonly string[]
  readonly enteredAt: number
  readonly endedAt: number | null
  readonly state: string
  readonly reason: string | null
  /** Every step it entered; `outcome` null: it has not left it. */
  readonly steps: readonly { readonly stepId: string; readonly outcome: string | null }[]
  /** Its rows in the ledger. */
  readonly messages: readonly { readonly messageId: string; readonly state: string; readonly reason?: string | null }[]
}

/** How often the wait of the journey under test ends which way. */
const arrived = 'arrived'
const timedOut = 'timed-out'

export interface RunVerdict {
  readonly runs: Breaches & {
    /** Not over although nothing waits, or over with a step that is not, or both ways out of the wait taken. */
    readonly inTwoStates: Found
    /** Over in another way than the rules say. */
    readonly astray: Found
    /** Two of one subject and cart at one time. */
    readonly overlapping: Found
    /** A step entered twice. */
    readonly doubledSteps: Found
  }
  readonly mails: Breaches & {
    /** To somebody who must not be written to, by what was answered before. */
    readonly unwanted: Found
    /** Before the wait can have been over. */
    readonly early: Found
  }
}

/**
 * I3 when things are quiet: what had to enter did, once; nothing else did; each run is in one state, that which the
 * rules give, and who is to be written to was, once and at her own address, or the ledger says that nobody knows.
 */
export const judgeRuns = (
  expected: readonly ExpectedRun[],
  held: readonly HeldRun[],
  seen: Pick<Testimony, 'mails' | 'mailedAt' | 'recipients'>,
): RunVerdict => {
  const expectedBy = new Map(expected.map((each) => [each.messageId, each]))
  const heldBy = Map.groupBy(held, ({ messageId }) => messageId)
  const known = held.flatMap((run) => {
    const of = expectedBy.get(run.messageId)
    return of && of.cart === run.cart && run.identities.includes(of.identity) ? [{ run, of }] : []
  })
  const mails = expected.map((of) => ({ of, ...mailsOf(heldBy.get(of.messageId) ?? [], seen) }))
  return {
    runs: {
      lost: found(expected.flatMap((of) => (of.entered === 'must' && !heldBy.has(of.messageId) ? [nameOf(of)] : []))),
      doubled: found([
        ...[...heldBy].flatMap(([id, runs]) => (runs.length > 1 ? [`${id} × ${runs.length}`] : [])),
        ...known.flatMap(({ run, of }) =>
          of.entered === 'never' ? [`${run.runId} beside another: ${nameOf(of)}`] : [],
        ),
      ]),
      phantom: found([...new Set(held).difference(new Set(known.map(({ run }) => run)))].map(({ runId }) => runId)),
      inTwoStates: found(known.filter(({ run }) => !isInOneState(run)).map(({ run }) => run.runId)),
      astray: found(
        known.filter(({ run, of }) => isAstray(run, of)).map(({ run, of }) => `${run.runId} ${nameOf(of)}`),
      ),
      overlapping: found(overlapping(held)),
      doubledSteps: found(
        held.flatMap(({ runId, steps }) => {
          const once = new Set(steps.map(({ stepId }) => stepId))
          return once.size < steps.length ? [runId] : []
        }),
      ),
    },
    mails: {
      lost: found(
        mails.flatMap(({ of, isThere, isUnknown, states }) =>
          isDue(of, heldBy) && !isThere && !isUnknown ? [`${nameOf(of)}: ${states}`] : [],
        ),
      ),
      doubled: found(mails.flatMap(({ of, times }) => (times > 1 ? [`${nameOf(of)} × ${times}`] : []))),
      phantom: found(
        mails.flatMap(({ of, isThere, to }) =>
          isThere && (of.mailedOtherwise === 'never' || !to.isSubsetOf(of.addresses)) ? [nameOf(of)] : [],
        ),
      ),
      unwanted: found(
        mails.flatMap(({ of, isThere }) =>
          isThere && of.forbidden !== null ? [`${nameOf(of)}: ${of.forbidden}`] : [],
        ),
      ),
      early: found(
        mails.flatMap(({ of, firstAt }) =>
          firstAt < of.dueFrom ? [`${nameOf(of)} by ${of.dueFrom - firstAt} ms`] : [],
        ),
      ),
    },
  }
}

const nameOf = ({ messageId, identity, cart }: ExpectedRun): string => `${messageId} (${identity}, ${cart})`

const isDue = (of: ExpectedRun, heldBy: ReadonlyMap<string, readonly HeldRun[]>): boolean =>
  of.mailed === 'must' && (of.entered === 'must' || heldBy.has(of.messageId))

/** Messages planned for one entry and what became of them; two that were planned are two, wherever they are. */
const mailsOf = (
  runs: readonly HeldRun[],
  { mails, mailedAt, recipients }: Pick<Testimony, 'mails' | 'mailedAt' | 'recipients'>,
) => {
  const messages = runs.flatMap((run) => run.messages)
  const handedOver = messages.reduce((sum, { messageId }) => sum + (mails.get(messageId) ?? 0), 0)
  return {
    times: Math.max(handedOver, messages.length),
    isThere: handedOver > 0,
    firstAt: Math.min(...messages.map(({ messageId }) => mailedAt.get(messageId) ?? Number.POSITIVE_INFINITY)),
    states: messages.map(({ state, reason }) => `${state} ${reason ?? ''}`.trim()).join(', ') || 'not planned',
    isUnknown: messages.some(({ state }) => state === 'uncertain'),
    to: new Set(messages.flatMap(({ messageId }) => [...(recipients.get(messageId) ?? [])])),
  }
}

/** Row and steps agree that it is over, and it has left its wait in one way. */
const isInOneState = ({ state, endedAt, steps }: HeldRun): boolean =>
  (state === 'finished' || state === 'exited') &&
  endedAt !== null &&
  steps.every(({ outcome }) => outcome !== null) &&
  !(steps.some(({ outcome }) => outcome === arrived) && steps.some(({ outcome }) => outcome === timedOut))

/** A run that ended by the order had it; one that ended by the time did not; nobody leaves otherwise unless merged. */
const isAstray = ({ state, reason, steps }: HeldRun, { ordered, mayMerge }: ExpectedRun): boolean => {
  if (mayMerge && state === 'exited' && reason === 'merged') return false
  if (state === 'exited') return true
  const did: Expected = steps.some(({ outcome }) => outcome === arrived) ? 'must' : 'never'
  return ordered !== 'may' && ordered !== did
}

/**
 * A run is active from its entry to the instant of its end; the next of the cart may begin at that instant. One that was
 * merged away ended when that was noticed.
 */
const overlapping = (held: readonly HeldRun[]): readonly string[] =>
  [...Map.groupBy(held, ({ subjectId, cart }) => `${subjectId} ${cart}`).values()].flatMap((runs) => {
    const inOrder = runs
      .filter(({ reason }) => reason !== 'merged')
      .toSorted((left, right) => left.enteredAt - right.enteredAt || endOf(left) - endOf(right))
    return inOrder.flatMap((run, index) => {
      const before = inOrder[index - 1]
      return before && endOf(before) > run.enteredAt ? [`${run.runId} with ${before.runId}`] : []
    })
  })

const endOf = ({ endedAt }: HeldRun): number => endedAt ?? Number.POSITIVE_INFINITY
