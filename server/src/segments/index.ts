import type { Rule } from '@baton/contract'
import type { Logger } from 'pino'
import type { Stage } from '../jobs/index.ts'
import type { Instant, PersonId, RuleId, WorkspaceId } from '../kernel/index.ts'
import type { People } from '../people/index.ts'
import type { ClickHouse, Postgres, Tx } from '../stores/index.ts'
import { evaluateRule } from './evaluate-rule.ts'
import { explainPerson, type PersonExplained } from './explain.ts'
import type { Facts, RuleAnswer } from './facts.ts'
import type { MaskConsumer } from './mask-consumer.ts'
import { deleteErasedMasks } from './mask-sql.ts'
import { createMemberships, type Memberships } from './memberships.ts'
import type { KeyedRule } from './order-rules.ts'
import { findProblem, mayChangeRules, putRules, retireRules } from './rule-desk.ts'
import { loadRules } from './rule-store.ts'
import { nextWorld, type OwnerKind, type RulePut } from './rule-versions.ts'
import { createSegmentsStage } from './segments-stage.ts'
import { type SupposedPerson, type SupposedRules, supposeRules } from './suppose.ts'
import { deleteErasedChanges } from './tick-store.ts'

export interface SegmentsDeps {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly log: Logger
  readonly people: Pick<People, 'feed' | 'projected' | 'personsOf' | 'hasAnybody' | 'get'>
  readonly domainNow: (workspaceId: WorkspaceId) => Promise<Instant>
  /** Told of every change of masks in the transaction that writes it; filled by main before the first turn. */
  readonly consumers?: readonly MaskConsumer[]
  /** People of one slice of a full recomputation. */
  readonly sliceSize?: number
  /** People whose changes by new versions of rules are written at once. */
  readonly swapPage?: number
  /** People whose lost masks are made at once. */
  readonly refilledAtOnce?: number
  /** Bound of the facts remembered between ticks. */
  readonly factsBytes?: number
}

/** Knows who meets which rule, exactly and live, and can say why. */
export interface Segments extends Memberships {
  /** `segments`: the tick. */
  readonly stage: Stage
  /** Saves one rule: a new version when it differs. Throws a UserError for one that can't be. */
  putRule(
    tx: Tx,
    workspaceId: WorkspaceId,
    rule: { ruleKey: string; ownerKind: OwnerKind; rule: Rule; at: Instant },
  ): Promise<RuleId>
  /** Saves rules that belong together and may ask for each other. */
  putRules(tx: Tx, workspaceId: WorkspaceId, rules: readonly RulePut[], at: Instant): Promise<readonly RuleId[]>
  /** False for the seconds in which new versions are swapped in: then `putRules` and `retireRules` refuse. */
  mayChangeRules(tx: Tx, workspaceId: WorkspaceId): Promise<boolean>
  retireRule(tx: Tx, workspaceId: WorkspaceId, ruleKey: string, at: Instant): Promise<void>
  retireRules(tx: Tx, workspaceId: WorkspaceId, ruleKeys: readonly string[], at: Instant): Promise<void>
  /** Takes out what was noted of erased people; `ids` are their persons' and subjects'. */
  clearErased(tx: Tx, workspaceId: WorkspaceId, ids: readonly string[]): Promise<void>
  /** The same in ClickHouse; resolves when it is gone. */
  clearErasedMasks(workspaceId: WorkspaceId, ids: readonly string[]): Promise<void>
  /** What is wrong with a rule, in a sentence with the remedy, or null. */
  problem(workspaceId: WorkspaceId, rule: Rule): Promise<string | null>
  /** In memory, of facts at hand; `rules` answers for other rules by key. */
  evaluate(rule: Rule, facts: Facts, now: Instant, rules?: (ruleKey: string) => boolean): RuleAnswer
  /** Why these rules hold for one person or not, over her real facts; null when there is no such person. */
  explain(
    workspaceId: WorkspaceId,
    personId: PersonId,
    ruleKeys: readonly string[],
    nameOf?: (ruleKey: string) => string,
  ): Promise<PersonExplained | null>
  /** Rules, saved or not, over one person's facts at any instant and with events that have not happened; null: nobody. */
  suppose(workspaceId: WorkspaceId, about: SupposedPerson, rules: readonly KeyedRule[]): Promise<SupposedRules | null>
}

export const createSegments = (deps: SegmentsDeps): Segments => {
  const { postgres } = deps
  return {
    ...createMemberships(deps),
    stage: createSegmentsStage({ ...deps, consumers: deps.consumers ?? [] }),
    putRule: async (tx, workspaceId, { at, ...rule }) => {
      const [ruleId] = await putRules(tx, workspaceId, [rule], at)
      if (ruleId === undefined) throw new TypeError('One rule put gives one id')
      return ruleId
    },
    putRules,
    mayChangeRules,
    retireRule: (tx, workspaceId, ruleKey, at) => retireRules(tx, workspaceId, [ruleKey], at),
    retireRules,
    clearErased: deleteErasedChanges,
    clearErasedMasks: (workspaceId, ids) => deleteErasedMasks(deps.clickhouse, workspaceId, ids),
    problem: async (workspaceId, rule) => {
      const problem = await postgres.inWorkspace(workspaceId, (tx) => findProblem(tx, workspaceId, rule))
      return problem === null ? null : `${problem.message}. ${problem.remedy}`
    },
    evaluate: (rule, facts, now, rules) =>
      evaluateRule(rule, facts, now, (ruleKey) => ({ holds: rules?.(ruleKey) ?? false, nextChangeAt: null })),
    explain: async (workspaceId, personId, ruleKeys, nameOf = (ruleKey) => ruleKey) => {
      const versions = await postgres.inWorkspace(workspaceId, (tx) => loadRules(tx, workspaceId))
      const definitions = new Map([...nextWorld(versions)].map(([ruleKey, { definition }]) => [ruleKey, definition]))
      const known = ruleKeys.filter((ruleKey) => definitions.has(ruleKey))
      const now = await deps.domainNow(workspaceId)
      return explainPerson(deps, workspaceId, personId, { definitions, ruleKeys: known, nameOf, now })
    },
    suppose: (...asked) => supposeRules(deps, ...asked),
  }
}

export { auditMemberships, type MembershipAudit } from './audit.ts'
export { evaluateRule } from './evaluate-rule.ts'
export type { FactEvent, Facts, RuleAnswer } from './facts.ts'
export { segmentMembersLens, segmentsLens, segmentTimeline } from './lenses.ts'
export type { MaskChange, MaskConsumer, MasksChanged } from './mask-consumer.ts'
export type { Memberships } from './memberships.ts'
export { filterMatches } from './property-filter.ts'
export { segmentRoutes } from './routes.ts'
export { segmentRuleKey } from './rule-key.ts'
export { ruleProblem } from './rule-tree.ts'
export type { OwnerKind, RulePut } from './rule-versions.ts'
export { createSegmentDesk, type SegmentDesk, type SegmentDeskDeps } from './segment-desk.ts'
export { conditionText } from './segment-words.ts'
export { durationText } from './sentences.ts'
export { segmentsStageName } from './stage-name.ts'
export type { SupposedPerson, SupposedRules } from './suppose.ts'
export type { MembershipChange } from './tick-store.ts'
export { missingOf } from './trace-rule.ts'
