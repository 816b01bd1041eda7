import { expectRuns, type Forbidden, reasonsAgainst } from '../harness/expected-runs.ts'
import { latenessOf, type Trouble } from '../harness/lateness.ts'
import type { Witness } from '../harness/witness.ts'
import type { StoreReader } from '../harness/witness-stores.ts'
import { judgeMails, judgeRuns, noBreach } from '../harness/witness-verdict.ts'
import { cartRules, type Engagement } from './engagement.ts'

/**
 * I3 to I6 and I9 when things are quiet: runs and mails as the journey's rules make them of what the witness saw, journeys
 * and ledger by the API, hand-overs by the witness, keys by the tables; and that segments are exact.
 */
export const compareEngagement = async (on: {
  readonly witness: Witness
  readonly stores: StoreReader
  readonly engagement: Engagement
  /** While and soon after these nobody asks how late a mail was; null: there was nothing else. */
  readonly troubles?: readonly Trouble[] | null
}) => {
  const { entered, active, finished, exited } = await on.engagement.counts()
  const left = exited.reduce((sum, { people }) => sum + people, 0)
  const balance = await on.engagement.balance()
  const seen = on.witness.testimony()
  const expected = expectRuns(seen, cartRules)
  const held = await on.stores.runs()
  const inState = (state: string) => held.filter((run) => run.state === state).length
  const { wrong, ...memberships } = await on.stores.memberships()
  const { uncertain, ...handOvers } = judgeMails(seen.mails, await on.stores.ledger())
  const wasExpected = (what: 'entered' | 'ordered', is: 'must' | 'may' | 'never') =>
    expected.filter((each) => each[what] === is).length
  const troubles = on.troubles ?? null
  const mustNotBeMailed = (why: Forbidden) =>
    expected.filter(
      ({ entered, mailedOtherwise, forbidden }) =>
        entered === 'must' && mailedOtherwise === 'must' && forbidden === why,
    ).length
  return {
    judged: {
      /** Each entry of the testimony is there once, in one state, with the mail that the rules want. */
      journeys: judgeRuns(expected, held, seen),
      /** 0 each: the API counts every run in one state, and as many as there are in the tables. */
      runsUnaccounted: entered - active - finished - left,
      runsMiscounted:
        Math.abs(entered - held.length) + Math.abs(finished - inState('finished')) + Math.abs(left - inState('exited')),
      balanced: balance.balanced,
      stillOnTheirWay: balance.onTheirWay,
      handOvers,
      wrongMemberships: wrong,
    },
    counts: {
      /** By what the witness saw alone: of so many events that could begin a run, these must have, those can't have. */
      entriesSeen: expected.length,
      mustEnter: wasExpected('entered', 'must'),
      mustNotEnter: wasExpected('entered', 'never'),
      mustBeOrdered: wasExpected('ordered', 'must'),
      mustBeMailed: expected.filter((each) => each.entered === 'must' && each.mailed === 'must').length,
      /** Would have been, but for what they had said, or never said, about being written to. */
      mustNotBeMailed: Object.fromEntries(reasonsAgainst.map((why) => [why, mustNotBeMailed(why)])) as Record<
        Forbidden,
        number
      >,
      late: troubles && latenessOf(expected, held, seen, { waitMs: cartRules.waitMs, troubles }),
      repeated: seen.events.filter(({ times }) => times > 1).length,
      merged: held.filter(({ reason }) => reason === 'merged').length,
      entered,
      finished,
      planned: balance.planned,
      mails: seen.mails.size,
      accepted: balance.accepted,
      uncertain,
      changes: memberships.changes,
    },
  }
}

/** What `judged` is when all is well. */
export const conserved = {
  journeys: {
    runs: {
      lost: noBreach,
      doubled: noBreach,
      phantom: noBreach,
      inTwoStates: noBreach,
      astray: noBreach,
      overlapping: noBreach,
      doubledSteps: noBreach,
    },
    mails: { lost: noBreach, doubled: noBreach, phantom: noBreach, unwanted: noBreach, early: noBreach },
  },
  runsUnaccounted: 0,
  runsMiscounted: 0,
  balanced: true,
  stillOnTheirWay: 0,
  wrongMemberships: [],
  handOvers: { lost: noBreach, doubled: noBreach, phantom: noBreach },
}
