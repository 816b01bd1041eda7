import type { SimulatedDecision } from '@baton/contract'
import type { Instant, RunId } from '../kernel/index.ts'
import { answerOf, type Contact, type Liveness, type Rehearsal } from '../policy/index.ts'
import type { CompiledJourney } from './compiled-journey.ts'
import type { PlannedMessage, Run } from './run.ts'
import type { WalkedRun } from './simulate.ts'

/** A switch that stays on is asked every minute in life; here so often, then the hold stands. */
const mostLooks = 20

export interface RehearsedMessage {
  readonly runId: RunId
  readonly message: PlannedMessage
  readonly decisions: readonly SimulatedDecision[]
}

interface Waiting {
  readonly run: Run
  readonly message: PlannedMessage
  readonly decisions: SimulatedDecision[]
  at: Instant
  looks: number
}

/**
 * What policy would say to each planned message, in order of time: what is sent counts in the caps of what comes after,
 * a hold is looked at again when it ends, and who left the journey meanwhile gets what waits no more.
 */
export const rehearseMessages = (
  journey: CompiledJourney,
  runs: readonly WalkedRun[],
  rehearsal: Rehearsal,
): readonly RehearsedMessage[] => {
  const { purpose, phase } = journey.definition
  const waiting = runs.flatMap(({ run, intents }) =>
    intents.map((message): Waiting => ({ run, message, decisions: [], at: message.plannedAt, looks: 0 })),
  )
  const all = [...waiting]
  const added: Contact[] = []
  for (;;) {
    const next = waiting.reduce<Waiting | null>((first, each) => (first && first.at <= each.at ? first : each), null)
    if (!next) break
    const { channel, topic, deadlineAt } = next.message
    const decision = rehearsal({
      now: next.at,
      message: { channel, topic, purpose, phase, deadlineAt },
      run: livenessAt(next.run, next.at),
      added,
    })
    const said: SimulatedDecision = { at: next.at, ...answerOf(decision) }
    const last = next.decisions.at(-1)
    // The same rule that goes on holding is one hold.
    if (last?.outcome === 'hold' && said.outcome === 'hold' && last.rule === said.rule)
      next.decisions[next.decisions.length - 1] = { ...last, until: said.until }
    else next.decisions.push(said)
    next.looks += 1
    if (decision.kind === 'send') added.push({ at: next.at, channel, topic, phase, purpose })
    if (decision.kind === 'hold' && next.looks < mostLooks) next.at = decision.until
    else waiting.splice(waiting.indexOf(next), 1)
  }
  return all.map(({ run, message, decisions }) => ({ runId: run.runId, message, decisions }))
}

/** As `checkLiveness`: who went all the way still gets what was planned. The journey counts as live. */
const livenessAt = ({ place }: Run, at: Instant): Liveness =>
  place.kind === 'exited' && place.at <= at ? 'ended' : 'live'
