import { type Instant, must, type PersonId, type RunId, type SubjectId, type TimeZone } from '../kernel/index.ts'
import {
  type Contact,
  type Decision,
  decide,
  type Fence,
  type Liveness,
  type PersonSituation,
} from '../policy/index.ts'
import type { MessageRow } from './message-row.ts'

export interface Circumstances {
  readonly fence: Fence
  /** Of whom nothing was found, because she was merged away meanwhile, is not among them. */
  readonly situations: ReadonlyMap<PersonId, PersonSituation>
  readonly liveness: ReadonlyMap<RunId, Liveness>
  readonly workspaceTimeZone: TimeZone
  readonly now: Instant
}

export interface Decided {
  readonly message: MessageRow
  readonly decision: Decision
  readonly personId: PersonId | null
}

/**
 * Decides one after the other: what is sent counts in the caps of the next one to the same person. One whose subject
 * became another person after the situations were read (a merge) is left as it is: the next turn reads them anew.
 */
export const decideMessages = (messages: readonly MessageRow[], about: Circumstances): readonly Decided[] => {
  const added = new Map<PersonId, Contact[]>()
  return messages.flatMap((message): readonly Decided[] => {
    const personId = about.fence.personOf.get(message.subjectId) ?? null
    if (personId === null) return [{ message, personId, decision: nobody }]
    const situation = about.situations.get(personId)
    if (situation === undefined) return []
    const facts = must(about.fence.facts.get(personId), 'the fence holds the facts of all its persons')
    const earlier = added.get(personId) ?? []
    const { channel, topic, purpose, phase, deadlineAt } = message
    const decision = decide({
      now: about.now,
      message: { channel, topic, purpose, phase, deadlineAt },
      person: {
        ...facts,
        ...situation,
        contacts: [...facts.contacts, ...earlier],
      },
      // What she asked for by the form stands until its deadline; nobody can end it.
      run: message.journeyId === null ? 'live' : (about.liveness.get(message.runId) ?? 'ended'),
      workspaceTimeZone: about.workspaceTimeZone,
      settings: about.fence.settings,
    })
    if (decision.kind === 'send') added.set(personId, [...earlier, { at: about.now, channel, topic, phase, purpose }])
    return [{ message, personId, decision }]
  })
}

const nobody: Decision = {
  kind: 'drop',
  rule: 'person',
  reason: 'erased',
  inputs: {},
  sentence: 'The person this was for is not there any more.',
  customerSentence: 'We have no data of yours.',
}

/** Subjects in the order in which they are locked. */
export const subjectsOf = (messages: readonly MessageRow[]): readonly SubjectId[] =>
  [...new Set(messages.map(({ subjectId }) => subjectId))].sort()
export const runsOf = (messages: readonly MessageRow[]): readonly RunId[] =>
  [...new Set(messages.flatMap(({ journeyId, runId }) => (journeyId === null ? [] : [runId])))].sort()
