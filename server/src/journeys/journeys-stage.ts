import {
  type Evidence,
  findPoison,
  keepSample,
  type Stage,
  type Turn,
  type TurnOutcome,
  tryOut,
} from '../jobs/index.ts'
import { crashPoint } from '../kernel/index.ts'
import { findAnswers, findPeople } from './find-concerned.ts'
import { findDue } from './find-due.ts'
import { type JourneysStageDeps, type Look, limits, lookAround } from './look-around.ts'
import { itemsOf, planWith, planWithout } from './turn-items.ts'
import { journeysStage } from './turn-store.ts'
import { type Done, type Plan, writeTurn } from './write-turn.ts'

/** How soon to look again when what is needed has not finished committing, and when it waits for the people stage. */
const unsettledRetryMs = 5
const behindRetryMs = 100
/** What is due so soon is looked at again rather than left to a wake-up. */
const soonMs = 50
/** A turn's transaction. */
const maxMs = 5_000

/**
 * Moves runs on: by what people did, by membership that changed, by time. A turn looks (without locks), decides which
 * events and timers are due by the watermark, then loads the runs concerned, advances them and writes runs, planned
 * messages and position in one transaction. Events of the bulk lane act like others unless they are historic; timers,
 * answers and entries through segments belong to the live lane's turns.
 */
export const createJourneysStage = (deps: JourneysStageDeps): Stage => {
  // Lost with the process; the next one takes new samples.
  const samples = new Map<string, readonly Evidence[]>()
  return {
    name: journeysStage,
    lanes: ['live', 'bulk'],
    after: ['people', 'segments'],
    turn: async (turn) => {
      const look = await lookAround(deps, turn)
      const kept = keepSample(samples.get(turn.workspaceId) ?? [], { at: turn.now, from: look.begun })
      if (look.versions.length > 0) samples.set(turn.workspaceId, kept)
      else samples.delete(turn.workspaceId)
      return takeTurn(deps, turn, look, kept)
    },
  }
}

const takeTurn = async (
  deps: JourneysStageDeps,
  turn: Turn,
  look: Look,
  samples: readonly Evidence[],
): Promise<TurnOutcome> => {
  const due = await findDue(deps, turn, look, samples)
  const people = await findPeople(deps, turn, look, due)
  const answers = await findAnswers(deps, turn, due, people)
  const plan: Plan = { look, due, people, answers, aside: [] }
  const done = await write(deps, turn, plan)
  if (done.kind === 'changed-meanwhile') return { handled: 0, more: true }
  if (done.committed) crashPoint('journeys.committed')
  return outcomeOf(turn, plan, done)
}

/** One event or run that can't be dealt with must not hold up everybody's. */
const write = async (deps: JourneysStageDeps, turn: Turn, plan: Plan): Promise<Done> => {
  const { postgres } = deps
  const commit = (of: Plan) => postgres.inWorkspace(turn.workspaceId, (tx) => writeTurn(deps, tx, turn, of), { maxMs })
  try {
    return await commit(plan)
  } catch (error) {
    const items = itemsOf(plan)
    const poison = await findPoison(items, error, (some) =>
      tryOut(postgres, turn.workspaceId, (tx) => writeTurn(deps, tx, turn, planWith(plan, some)), { maxMs }),
    )
    return commit(planWithout(plan, items, poison))
  }
}

const outcomeOf = (turn: Turn, plan: Plan, done: Extract<Done, { kind: 'done' }>): TurnOutcome => {
  const { look, due } = plan
  const isAsking = done.changed.some(({ run }) => run.place.kind === 'at' && run.place.waits.kind === 'answer')
  const more =
    due.more ||
    due.pending.due.length === limits.runs ||
    due.pending.stopped.length === limits.runs ||
    plan.answers.size === limits.runs ||
    (due.changes?.read.length ?? 0) === limits.changes ||
    (isAsking && look.ticked >= (due.to ?? look.own.applied))
  const waiting = [done.nextDue, due.waitingFrom].filter((at) => at !== null)
  const next = waiting.length > 0 ? Math.min(...waiting) : null
  const isNear = next !== null && next <= turn.now + soonMs
  return {
    handled: due.events.length + done.changed.length,
    more,
    ...(isNear ? { retryInMs: look.settled < look.begun ? unsettledRetryMs : behindRetryMs } : {}),
    ...(turn.lane === 'live' || done.changed.length > 0 ? { dueAt: next } : {}),
  }
}
