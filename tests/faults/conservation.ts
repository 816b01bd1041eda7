import type { Witness } from '../harness/witness.ts'
import type { StoreReader } from '../harness/witness-stores.ts'
import { judgeMails, noBreach } from '../harness/witness-verdict.ts'
import type { Engagement } from './engagement.ts'

/**
 * I3, I4 and I9 when things are quiet: journeys and ledger by the API, hand-overs by the witness, keys by the tables; and
 * that segments are exact.
 */
export const compareEngagement = async (on: {
  readonly witness: Witness
  readonly stores: StoreReader
  readonly engagement: Engagement
}) => {
  const { entered, active, finished, exited } = await on.engagement.counts()
  const balance = await on.engagement.balance()
  const { mails } = on.witness.testimony()
  const { wrong, ...memberships } = await on.stores.memberships()
  const { uncertain, ...handOvers } = judgeMails(mails, await on.stores.ledger())
  return {
    judged: {
      /** 0 each: every run is in one state, every (run, step) once, every message accounted for. */
      runsUnaccounted: entered - active - finished - exited.reduce((sum, { people }) => sum + people, 0),
      ...(await on.stores.doubledRuns()),
      balanced: balance.balanced,
      stillOnTheirWay: balance.onTheirWay,
      handOvers,
      wrongMemberships: wrong,
    },
    counts: {
      entered,
      finished,
      planned: balance.planned,
      mails: mails.size,
      accepted: balance.accepted,
      uncertain,
      changes: memberships.changes,
    },
  }
}

/** What `judged` is when all is well. */
export const conserved = {
  runsUnaccounted: 0,
  overlappingRuns: 0,
  doubledSteps: 0,
  runsOffTally: 0,
  balanced: true,
  stillOnTheirWay: 0,
  wrongMemberships: [],
  handOvers: { lost: noBreach, doubled: noBreach, phantom: noBreach },
}
