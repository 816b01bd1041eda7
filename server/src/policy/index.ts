/** Policy: decides every message at the instant it would be handed over, and keeps what people allow. */
import type { Clock } from '../kernel/index.ts'
import type { PeopleFeed } from '../people/index.ts'
import type { Postgres } from '../stores/index.ts'
import { statementsStage } from './statements-stage.ts'

export { decide } from './decide.ts'
export { defaultPolicySettings } from './default-settings.ts'
export { isMailAddress } from './mail-address.ts'
export {
  mailAddressOf,
  type PersonSource,
  type StandingSource,
  situationOf,
  type WorkspaceSource,
  zoneOf,
} from './person-source.ts'
export { answerOf, createPolicy, type Fence, type Policy, type PolicyDeps } from './policy.ts'
export type {
  Contact,
  Liveness,
  MessageFacts,
  PersonPolicyFacts,
  PersonSituation,
  PolicyInput,
} from './policy-input.ts'
export type { Decision } from './policy-rule.ts'
export type { Rehearsal, RehearsedPerson } from './rehearse.ts'
export { policyRoutes } from './routes.ts'

export { policyStage } from './statements-stage.ts'

/** Stage `policy`: consent, leaving, bounces and issues that events state. */
export const createPolicyStage = (deps: { postgres: Postgres; feed: PeopleFeed; clock: Clock }) => statementsStage(deps)
