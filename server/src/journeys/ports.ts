import type { Rule, SimulatedPerson } from '@baton/contract'
import type { Lane } from '../jobs/index.ts'
import type { Instant, PersonId, Position, SubjectId, TemplateId, WorkspaceId } from '../kernel/index.ts'
import type { countsByStep, Messages } from '../messages/index.ts'
import type { PeopleFeed } from '../people/index.ts'
import type { Rehearsal } from '../policy/index.ts'
import type { Tx } from '../stores/index.ts'
import type { ArrivedEvent } from './run.ts'

/** What journeys need of the rooms above them; `main.ts` connects them. */
export interface JourneyPorts {
  readonly people: PeoplePort
  readonly membership: MembershipPort
  readonly rules: RulesPort
  readonly messages: MessagesPort
  readonly publishing: PublishingPort
  readonly rehearsal: RehearsalPort
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
  /** The `seq` of the newest of them; 0 before the first. */
  newestChange(workspaceId: WorkspaceId): Promise<number>
}

export interface MembershipChanged {
  readonly seq: number
  readonly ruleKey: string
  readonly personId: PersonId
  readonly entered: boolean
  /** When the rule's answer changed; known later, at `knownAt`. */
  readonly at: Instant
  readonly knownAt: Instant
  readonly cause: 'behaviour' | 'time' | 'rule-changed' | 'merged'
  /** Nothing but imported or late events made the difference. */
  readonly isHistoric: boolean
}

export interface RulesPort {
  /** Makes hidden segments of one version, together. */
  put(
    tx: Tx,
    workspaceId: WorkspaceId,
    rules: readonly { readonly ruleKey: string; readonly rule: Rule }[],
    at: Instant,
  ): Promise<void>
  retire(tx: Tx, workspaceId: WorkspaceId, ruleKeys: readonly string[], at: Instant): Promise<void>
  /** What is wrong with a rule, in a sentence, or null. */
  problem(workspaceId: WorkspaceId, rule: Rule): Promise<string | null>
}

/** What became of a step's messages. */
export type StepMessageCounts = Awaited<ReturnType<MessagesPort['countsByStep']>>[number]

export interface MessagesPort extends Pick<Messages, 'plan'> {
  readonly countsByStep: typeof countsByStep
}

export interface PublishingPort {
  /** Who answers for this phase; null: nobody, so nothing may be published in it. */
  phaseOwner(workspaceId: WorkspaceId, phase: string): Promise<string | null>
  /** Of these templates, those that exist. */
  templates(workspaceId: WorkspaceId, templateIds: readonly TemplateId[]): Promise<ReadonlySet<TemplateId>>
}

/** What would hold of one person, and what policy would say: for trying a journey out. Reads only. */
export interface RehearsalPort {
  /** Null: there is no such person. */
  rules(
    workspaceId: WorkspaceId,
    about: SimulatedPerson,
    rules: readonly { readonly ruleKey: string; readonly rule: Rule }[],
  ): Promise<{ holdAt(now: Instant, further: readonly ArrivedEvent[]): ReadonlySet<string> } | null>
  policy(workspaceId: WorkspaceId, about: SimulatedPerson, from: Instant): Promise<Rehearsal>
}
