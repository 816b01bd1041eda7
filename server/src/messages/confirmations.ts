import { defaultTemplateId } from '../content/index.ts'
import { askForTurn, checkLease, readPosition, type Stage, type Turn, type TurnOutcome } from '../jobs/index.ts'
import {
  dayMs,
  type Instant,
  idOf,
  type PersonId,
  type Position,
  type RunId,
  type WorkspaceId,
} from '../kernel/index.ts'
import { peopleStageName } from '../people/index.ts'
import type { StandingSource } from '../policy/index.ts'
import type { Postgres } from '../stores/index.ts'
import { deleteOwed, insertOwed, type OwedConfirmation, readAskedSince, readOwed } from './confirmation-store.ts'
import { insertPlanned } from './ledger-store.ts'
import { confirmationStep, type MessageIntent } from './message-row.ts'

/** Asks who answered the hosted form, and is not Known, whether the address is hers: by a message of the ledger like any other. */
export interface Confirmations {
  /** Plans them once it is known whose an answer is. */
  readonly stage: Stage
  /** To be called when the answer is in the log, at `position`; a repeat owes nothing more. */
  owe(workspaceId: WorkspaceId, submission: string, position: Position): Promise<void>
}

export const confirmationsStage = 'confirmations'

/** A confirmation that could not go for so long would come too late; nobody is asked twice within that time. */
const askedForMs = dayMs
/** How long after that the link in it holds. */
const linkHoldsMs = 7 * dayMs
const owedAtOnce = 100
/** How soon to look again when the people stage has not come to an answer. */
const behindRetryMs = 100

/** Until when (domain time) an address can be confirmed by the link in this message. */
export const confirmableUntil = (message: { readonly deadlineAt: Instant }): Instant => message.deadlineAt + linkHoldsMs

interface ConfirmationsDeps {
  readonly postgres: Postgres
  readonly standing: StandingSource
}

export const createConfirmations = (deps: ConfirmationsDeps): Confirmations => ({
  stage: {
    name: confirmationsStage,
    lanes: ['live'],
    after: [],
    turn: (turn) => planOwed(deps, turn),
  },
  owe: async (workspaceId, submission, position) => {
    await deps.postgres.inWorkspace(workspaceId, async (tx) => {
      await insertOwed(tx, workspaceId, submission, position)
      await askForTurn(tx, workspaceId, confirmationsStage, 0)
    })
  },
})

const planOwed = async (deps: ConfirmationsDeps, turn: Turn): Promise<TurnOutcome> => {
  const { workspaceId, now } = turn
  const { postgres } = deps
  const { handled, owed } = await postgres.inWorkspace(workspaceId, async (tx) => ({
    handled: await readPosition(tx, workspaceId, peopleStageName, 'live'),
    owed: await readOwed(tx, workspaceId, owedAtOnce),
  }))
  if (owed.length === 0) return { handled: 0, more: false, dueAt: null }
  const settled = owed.filter(({ position }) => position <= handled)
  const persons = settled.flatMap(({ personId }) => personId ?? [])
  const states = await deps.standing.statesOf(workspaceId, persons)
  await postgres.inWorkspace(workspaceId, async (tx) => {
    await checkLease(tx, turn)
    const askedLately = await readAskedSince(tx, workspaceId, persons, now - askedForMs)
    const notNow = new Set([...askedLately, ...persons.filter((personId) => isKnown(states.get(personId)))])
    await insertPlanned(
      tx,
      workspaceId,
      settled.flatMap((one) => intentOf(workspaceId, one, notNow, now)),
    )
    const done = settled.map(({ submission }) => submission)
    await deleteOwed(tx, workspaceId, done)
  })
  const isBehind = settled.length < owed.length
  return {
    handled: settled.length,
    more: settled.length === owedAtOnce,
    ...(isBehind ? { retryInMs: behindRetryMs, dueAt: now } : { dueAt: null }),
  }
}

/** Her address is verified already, or she could not be. */
const isKnown = (states: readonly string[] = []): boolean =>
  states.some((state) => state.startsWith('identity:') && state !== 'identity:anonymous')

/** Nothing for who is not to be asked now; whom this asks is not asked again. */
const intentOf = (
  workspaceId: WorkspaceId,
  { submission, subjectId, personId, answeredAt }: OwedConfirmation,
  notNow: Set<PersonId>,
  now: Instant,
): readonly MessageIntent[] => {
  if (subjectId === null || personId === null || notNow.has(personId)) return []
  notNow.add(personId)
  return [
    {
      workspaceId,
      runId: idOf<RunId>('form answer', workspaceId, submission),
      journeyId: null,
      version: null,
      stepId: confirmationStep,
      instance: 0,
      channel: 'email',
      templateId: defaultTemplateId(workspaceId, 'confirm-address'),
      topic: 'service',
      purpose: 'serve',
      phase: 'contact',
      subjectId,
      personId,
      plannedAt: now,
      deadlineAt: now + askedForMs,
      began: { at: now, occurredAt: Math.min(now, answeredAt ?? now) },
      entryEvent: {},
    },
  ]
}
