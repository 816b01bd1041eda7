import type { Consent } from '@baton/contract'
import { defaultTemplateId, type Unconfirmed } from '../content/index.ts'
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
import { type Policy, policyStage, type StandingSource } from '../policy/index.ts'
import type { Postgres } from '../stores/index.ts'
import { deleteOwed, insertOwed, type OwedConfirmation, readAskedSince, readOwed } from './confirmation-store.ts'
import { insertPlanned } from './ledger-store.ts'
import { confirmationStep, type MessageIntent } from './message-row.ts'

/**
 * Asks who answered the hosted form whether the address is hers, unless she is Known, and whether it was her who agreed to what
 * was ticked, unless she has agreed to it: by a message of the ledger like any other.
 */
export interface Confirmations {
  /** Plans them once it is known whose an answer is. */
  readonly stage: Stage
  /** To be called when the answer is in the log, at `position`; a repeat owes nothing more. */
  owe(workspaceId: WorkspaceId, submission: string, position: Position, said: Unconfirmed): Promise<void>
}

export const confirmationsStage = 'confirmations'

/** A confirmation that could not go for so long would come too late; nobody is asked the same twice within that time. */
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
  readonly policy: Pick<Policy, 'look'>
}

export const createConfirmations = (deps: ConfirmationsDeps): Confirmations => ({
  stage: {
    name: confirmationsStage,
    lanes: ['live'],
    after: [],
    turn: (turn) => planOwed(deps, turn),
  },
  owe: async (workspaceId, submission, position, said) => {
    await deps.postgres.inWorkspace(workspaceId, async (tx) => {
      await insertOwed(tx, workspaceId, submission, position, said)
      await askForTurn(tx, workspaceId, confirmationsStage, 0)
    })
  },
})

const planOwed = async (deps: ConfirmationsDeps, turn: Turn): Promise<TurnOutcome> => {
  const { workspaceId, now } = turn
  const { postgres } = deps
  const { handled, owed } = await postgres.inWorkspace(workspaceId, async (tx) => ({
    // What she said of her consent before she answered is known when policy has come as far, too.
    handled: Math.min(
      await readPosition(tx, workspaceId, peopleStageName, 'live'),
      await readPosition(tx, workspaceId, policyStage, 'live'),
    ),
    owed: await readOwed(tx, workspaceId, owedAtOnce),
  }))
  if (owed.length === 0) return { handled: 0, more: false, dueAt: null }
  const settled = owed.filter(({ position }) => position <= handled)
  const persons = settled.flatMap(({ personId }) => personId ?? [])
  const states = await deps.standing.statesOf(workspaceId, persons)
  await postgres.inWorkspace(workspaceId, async (tx) => {
    await checkLease(tx, turn)
    const asked = await readAskedSince(tx, workspaceId, persons, now - askedForMs)
    const subjects = settled.flatMap(({ subjectId }) => subjectId ?? [])
    const { facts } = await deps.policy.look(tx, workspaceId, subjects, now)
    const notNow: NotNow = {
      address: new Set([
        ...asked.map(({ personId }) => personId),
        ...persons.filter((personId) => isKnown(states.get(personId))),
      ]),
      consent: new Set(asked.flatMap(({ personId, aboutConsent }) => (aboutConsent ? [personId] : []))),
    }
    const intents = settled.flatMap((one) => {
      const consents = one.personId === null ? [] : (facts.get(one.personId)?.consents ?? [])
      const consent = agreesTo(consents, one.said.consent, now) ? null : one.said.consent
      return intentOf(workspaceId, { ...one, said: { ...one.said, consent } }, notNow, now)
    })
    await insertPlanned(tx, workspaceId, intents)
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

/** Whether what was ticked is in force, so that it need not be asked; true when nothing was. */
const agreesTo = (consents: readonly Consent[], ticked: Unconfirmed['consent'], now: Instant): boolean =>
  (ticked?.purposes ?? []).every((wanted) =>
    consents.some(
      ({ purpose, given, expiresAt }) => purpose === wanted && given && (expiresAt === null || expiresAt > now),
    ),
  )

/** Who is not to be asked about her address, and who about what she ticked. */
interface NotNow {
  readonly address: Set<PersonId>
  readonly consent: Set<PersonId>
}

/** Nothing for who is not to be asked now; whom this asks is not asked again. */
const intentOf = (
  workspaceId: WorkspaceId,
  { submission, subjectId, personId, answeredAt, said }: OwedConfirmation,
  notNow: NotNow,
  now: Instant,
): readonly MessageIntent[] => {
  if (subjectId === null || personId === null) return []
  const asksConsent = said.consent !== null && !notNow.consent.has(personId)
  if (notNow.address.has(personId) && !asksConsent) return []
  notNow.address.add(personId)
  if (asksConsent) notNow.consent.add(personId)
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
      entryEvent: { traits: said.traits, consent: said.consent },
    },
  ]
}
