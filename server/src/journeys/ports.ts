import type { Rule } from '@baton/contract'
import type { JsonObject } from '../collect/index.ts'
import type { Lane } from '../jobs/index.ts'
import type {
  Instant,
  JourneyId,
  PersonId,
  Position,
  RunId,
  SubjectId,
  TemplateId,
  UserId,
  WorkspaceId,
} from '../kernel/index.ts'
import type { PeopleFeed } from '../people/index.ts'
import type { Tx } from '../stores/index.ts'

/** What journeys need of the rooms above them; `main.ts` connects them. */
export interface JourneyPorts {
  readonly people: PeoplePort
  readonly membership: MembershipPort
  readonly rules: RulesPort
  readonly messages: MessagesPort
  readonly publishing: PublishingPort
}

export interface PeoplePort {
  readonly feed: PeopleFeed
  personsOf(workspaceId: WorkspaceId, subjectIds: readonly SubjectId[]): Promise<ReadonlyMap<SubjectId, PersonId>>
  subjectsOf(
    workspaceId: WorkspaceId,
    personIds: readonly PersonId[],
  ): Promise<ReadonlyMap<PersonId, readonly SubjectId[]>>
}

export interface MembershipPort {
  /** Which of these rules hold for these people, at the ticked position or later. */
  holds(
    workspaceId: WorkspaceId,
    ruleKeys: readonly string[],
    personIds: readonly PersonId[],
  ): Promise<ReadonlyMap<PersonId, ReadonlySet<string>>>
  /** Everything up to this position counts in `holds`. */
  tickedPosition(workspaceId: WorkspaceId, lane: Lane): Promise<Position>
  /** Of these rules, those whose members are known (a new rule is counted once first). */
  known(workspaceId: WorkspaceId, ruleKeys: readonly string[]): Promise<ReadonlySet<string>>
  /** Changes of membership after `seq`, oldest first. */
  changesAfter(workspaceId: WorkspaceId, seq: number, limit: number): Promise<readonly MembershipChanged[]>
}

export interface MembershipChanged {
  readonly seq: number
  readonly ruleKey: string
  readonly personId: PersonId
  readonly entered: boolean
  readonly knownAt: Instant
  readonly cause: 'behaviour' | 'time' | 'rule-changed' | 'merged'
}

export interface RulesPort {
  /** Makes (or changes) a hidden segment of this journey's. */
  put(tx: Tx, workspaceId: WorkspaceId, rule: { ruleKey: string; rule: Rule; at: Instant }): Promise<void>
  retire(tx: Tx, workspaceId: WorkspaceId, ruleKeys: readonly string[]): Promise<void>
  /** What is wrong with a rule, in a sentence, or null. */
  problem(workspaceId: WorkspaceId, rule: Rule): Promise<string | null>
}

/** A message that a run wants sent; the key is (run, step, instance, channel). */
export interface MessageIntent {
  readonly workspaceId: WorkspaceId
  readonly runId: RunId
  readonly journeyId: JourneyId
  readonly version: number
  readonly stepId: string
  readonly instance: number
  readonly channel: 'email'
  readonly templateId: TemplateId
  readonly topic: string
  readonly purpose: 'sell' | 'inform' | 'coach' | 'serve'
  readonly phase: 'contact' | 'consideration' | 'purchase' | 'post-purchase' | 'loyalty'
  readonly subjectId: SubjectId
  readonly personId: PersonId
  readonly plannedAt: Instant
  readonly deadlineAt: Instant
  /** Properties of the event that started the run. */
  readonly entryEvent: JsonObject
}

/** What became of a step's messages. */
export interface StepMessageCounts {
  readonly stepId: string
  readonly sent: number
  readonly delivered: number
  readonly opened: number
  readonly clicked: number
  readonly dropped: number
}

export interface MessagesPort {
  plan(tx: Tx, intents: readonly MessageIntent[]): Promise<void>
  countsByStep(
    tx: Tx,
    workspaceId: WorkspaceId,
    journeyId: JourneyId,
    version: number | null,
  ): Promise<readonly StepMessageCounts[]>
}

export interface PublishingPort {
  /** Who answers for this phase; null: nobody, so nothing may be published in it. */
  phaseOwner(workspaceId: WorkspaceId, phase: string): Promise<UserId | null>
  /** Of these templates, those that exist. */
  templates(workspaceId: WorkspaceId, templateIds: readonly TemplateId[]): Promise<ReadonlySet<TemplateId>>
}
