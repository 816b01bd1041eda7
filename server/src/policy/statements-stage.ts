import type { Preferences } from '@baton/contract'
import {
  commitPosition,
  findPoison,
  type Poison,
  quarantineItems,
  readPosition,
  type Stage,
  tryOut,
} from '../jobs/index.ts'
import { type Clock, type Instant, must, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { PeopleFeed, PersonEvent } from '../people/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { foldIssues, insertConsents, insertSuppressions, writePreferences } from './person-policy-store.ts'
import { lockPersonsOf, readFacts, readSubjects } from './policy-store.ts'
import { type Statement, statementsOf } from './statements.ts'

export const policyStage = 'policy'
const eventsPerTurn = 5_000

/**
 * Takes what events say about consent, leaving, bounces and open issues into policy. A repeat changes nothing: every
 * statement has the id of its event, issues and preferences fold to the same result in any order. Where an event can't be
 * taken in, nobody knows what she said: she gets nothing until somebody has looked.
 */
export const statementsStage = (deps: { postgres: Postgres; feed: PeopleFeed; clock: Clock }): Stage => ({
  name: policyStage,
  lanes: ['live', 'bulk'],
  after: ['people'],
  turn: async (turn) => {
    const { workspaceId, lane } = turn
    const from = await deps.postgres.inWorkspace(workspaceId, (tx) => readPosition(tx, workspaceId, policyStage, lane))
    const batches = await deps.feed.after(workspaceId, lane, from, eventsPerTurn)
    const last = batches.at(-1)
    if (!last) return { handled: 0, more: false }
    const events = batches.flatMap((batch) => batch.events)
    const take = async (tx: Tx, some: readonly PersonEvent[], poison: readonly Poison<PersonEvent>[]) => {
      const statements = [...some.flatMap(statementsOf), ...poison.map(unheard(turn.now))]
      if (statements.length > 0) await record(tx, workspaceId, statements)
    }
    const commit = (some: readonly PersonEvent[], poison: readonly Poison<PersonEvent>[]) =>
      deps.postgres.inWorkspace(workspaceId, async (tx) => {
        await take(tx, some, poison)
        const aside = poison.map(({ item, reason }) => ({ kind: 'event' as const, item: item.messageId, reason }))
        await quarantineItems(tx, turn, { stage: policyStage, position: last.position }, aside)
        const handled = events.length
        await commitPosition(tx, turn, { stage: policyStage, from, to: last.position, handled, at: deps.clock.now() })
      })
    await commit(events, []).catch(async (error: unknown) => {
      const poison = await findPoison(events, error, (some) =>
        tryOut(deps.postgres, workspaceId, (tx) => take(tx, some, [])),
      )
      const refused = new Set(poison.map(({ item }) => item))
      await commit(
        events.filter((event) => !refused.has(event)),
        poison,
      )
    })
    return { handled: events.length, more: true }
  },
})

/** Of an event that can't be taken in, with nothing that may be what is wrong with it; staff can lift it. */
const unheard =
  (at: Instant) =>
  ({ item: { subjectId, messageId } }: Poison<PersonEvent>): Statement => ({
    kind: 'suppressed',
    subjectId,
    reason: 'suppressed',
    address: null,
    detail: `What she said by the event ${messageId} could not be read`,
    at,
  })

const subjectOf = (statement: Statement): SubjectId =>
  'row' in statement ? statement.row.subjectId : statement.subjectId

const record = async (tx: Tx, workspaceId: WorkspaceId, statements: readonly Statement[]): Promise<void> => {
  const personOf = await lockPersonsOf(tx, workspaceId, [...new Set(statements.map(subjectOf))].sort())
  const subjects = Map.groupBy(
    await readSubjects(tx, workspaceId, [...new Set(personOf.values())]),
    ({ personId }) => personId,
  )
  /** All subjects of whoever said it: so that a later yes can take back an earlier no of another subject. */
  const spread = (subjectId: SubjectId): readonly SubjectId[] => {
    const personId = personOf.get(subjectId)
    return personId === undefined ? [subjectId] : (subjects.get(personId) ?? []).map((one) => one.subjectId)
  }
  await insertConsents(
    tx,
    workspaceId,
    statements.flatMap((one) =>
      one.kind === 'consent' ? spread(one.row.subjectId).map((subjectId) => ({ ...one.row, subjectId })) : [],
    ),
  )
  await insertSuppressions(
    tx,
    workspaceId,
    statements.flatMap((one) =>
      one.kind === 'suppressed' ? spread(one.subjectId).map((subjectId) => ({ ...one, subjectId })) : [],
    ),
  )
  await foldIssues(
    tx,
    workspaceId,
    statements.flatMap((one) => (one.kind === 'issue' ? [one.row] : [])),
  )
  const left = statements.flatMap((one) => {
    const personId = one.kind === 'left' ? personOf.get(one.subjectId) : undefined
    return one.kind === 'left' && personId !== undefined ? [{ ...one, personId }] : []
  })
  if (left.length === 0) return
  const ofPerson = Map.groupBy(left, ({ personId }) => personId)
  const noContacts = Number.MAX_SAFE_INTEGER
  const facts = await readFacts(tx, workspaceId, [...ofPerson.keys()], noContacts)
  await writePreferences(
    tx,
    workspaceId,
    [...ofPerson].flatMap(([personId, said]) => {
      const { preferences: before } = must(facts.get(personId), 'her subjects are locked')
      const preferences = said.reduce(leave, before)
      const at = must(said.at(-1), 'a group has somebody in it').at
      return (subjects.get(personId) ?? []).map(({ subjectId }) => ({ subjectId, preferences, at }))
    }),
  )
}

const leave = (before: Preferences, { topic }: { readonly topic: string | null }): Preferences =>
  topic === null
    ? { ...before, unsubscribedAll: true }
    : { ...before, topicsOff: [...new Set([...before.topicsOff, topic])] }
