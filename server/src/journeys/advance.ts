import { exhaustive, type Instant, must, type RunId, type SubjectId } from '../kernel/index.ts'
import { type CompiledJourney, matchesPattern, replyEvent, replyRunProperty } from './compiled-journey.ts'
import type { Advance, ArrivedEvent, HeldEvent, Place, PlannedMessage, Run, TraceItem } from './run.ts'
import type { BoundStep, Outcome, StepScene } from './step-kind.ts'

/**
 * What can befall a run. Inputs of one run come in order of their instant, and `time` only up to the watermark: when
 * every event received before it has been given.
 */
export type RunInput =
  | { readonly kind: 'event'; readonly event: HeldEvent }
  | { readonly kind: 'time'; readonly now: Instant }
  | { readonly kind: 'answer'; readonly holds: ReadonlySet<string> }
  | { readonly kind: 'end'; readonly at: Instant; readonly reason: string }

/** More steps than this in one go is a journey that would never rest. */
const stepLimit = 1000
/** More awaited events than this while one answer is pending is a machine, not a person. */
const heldLimit = 200
const lateLimit = 20
const goalLimit = 20

/** The reason with which a run ends that went all the way. */
export const finishedReason = 'finished'

/** A run begins: the first step is entered at once. */
export const begin = (
  journey: CompiledJourney,
  entry: { runId: RunId; subjectId: SubjectId; entryKey: string; event: ArrivedEvent; at: Instant },
): Advance => {
  const walk = createWalk(journey, {
    runId: entry.runId,
    journeyId: journey.journeyId,
    version: journey.version,
    subjectId: entry.subjectId,
    entryKey: entry.entryKey,
    entry: entry.event,
    enteredAt: entry.at,
    // Replaced before anyone sees it: entering the first step sets the place.
    place: { kind: 'finished', at: entry.at },
    stepNo: 0,
    timedOut: [],
    held: [],
    late: 0,
    goals: 0,
  })
  walk.goTo(journey.definition.start, entry.at)
  return walk.result()
}

/**
 * One run, one input, what comes of it. Time-outs that fall due at or before an event's instant come first, so that an
 * event received at the deadline is late.
 */
export const advance = (journey: CompiledJourney, run: Run, input: RunInput): Advance => {
  const walk = createWalk(journey, run)
  switch (input.kind) {
    case 'event':
      walk.take(input.event)
      break
    case 'time':
      walk.letPass(input.now)
      break
    case 'answer':
      walk.answer(input.holds)
      break
    case 'end':
      walk.end({ kind: 'exited', at: input.at, reason: input.reason })
      break
    default:
      exhaustive(input)
  }
  return walk.result()
}

/**
 * Until when an ended run notes its goal: what it planned may be handed over until the deadline of its messages, and counts
 * for the goal's time after that. Null while it goes on, and where nothing more is noted.
 */
export const goalsNotedUntil = (
  { goal, definition }: CompiledJourney,
  { place }: Pick<Run, 'place'>,
): Instant | null =>
  goal === null || place.kind === 'at' ? null : place.at + definition.messageDeadlineMs + goal.withinMs

const createWalk = (journey: CompiledJourney, from: Run) => {
  let run = from
  let steps = 0
  const intents: PlannedMessage[] = []
  const trace: TraceItem[] = []

  const stepAt = (stepId: string): BoundStep =>
    must(journey.steps.get(stepId), `step ${stepId} of journey ${journey.journeyId} version ${journey.version}`)

  const sceneAt = (stepId: string, at: Instant): StepScene => ({
    run,
    stepNo: run.stepNo,
    at,
    messageDeadlineMs: journey.definition.messageDeadlineMs,
    ruleKey: (index) => journey.ruleKey(stepId, index),
    passes: journey.passes,
  })

  const leave = (stepId: string, at: Instant, outcome: string, messageId: string | null) => {
    trace.push({ kind: 'left', stepNo: run.stepNo, stepId, at, outcome, messageId })
  }

  const end = (place: Exclude<Place, { kind: 'at' }>, outcome?: string) => {
    if (run.place.kind === 'at') leave(run.place.stepId, place.at, outcome ?? place.kind, null)
    run = { ...run, place, held: [] }
    const reason = place.kind === 'exited' ? place.reason : finishedReason
    trace.push({ kind: 'ended', at: place.at, state: place.kind, reason })
  }

  /** Follows an outcome of the present step, and goes on from step to step until the run rests or ends. */
  const follow = (stepId: string, first: Outcome, at: Instant, messageId: string | null) => {
    let step = stepAt(stepId)
    let outcome = first
    let cause = messageId
    for (;;) {
      switch (outcome.kind) {
        case 'wait':
          run = {
            ...run,
            place: { kind: 'at', stepId: step.id, since: at, waits: { kind: 'until', dueAt: outcome.until } },
          }
          return
        case 'ask':
          run = {
            ...run,
            place: { kind: 'at', stepId: step.id, since: at, waits: { kind: 'answer', ruleKeys: outcome.ruleKeys } },
          }
          return
        case 'exit':
          leave(step.id, at, outcome.reason, cause)
          run = { ...run, place: { kind: 'finished', at } }
          end(
            outcome.reason === finishedReason
              ? { kind: 'finished', at }
              : { kind: 'exited', at, reason: outcome.reason },
          )
          return
        case 'go': {
          leave(step.id, at, outcome.outcome, cause)
          if (outcome.message) intents.push(outcome.message)
          run = { ...run, place: { kind: 'finished', at } }
          if (outcome.to === null) {
            end({ kind: 'finished', at })
            return
          }
          const next = enter(outcome.to, at)
          if (!next) return
          step = next
          outcome = step.perform(sceneAt(step.id, at))
          cause = null
          break
        }
        default:
          exhaustive(outcome)
      }
    }
  }

  const enter = (stepId: string, at: Instant): BoundStep | null => {
    steps += 1
    if (steps > stepLimit) {
      end({ kind: 'exited', at, reason: 'step-limit' })
      return null
    }
    run = { ...run, stepNo: run.stepNo + 1 }
    trace.push({ kind: 'entered', stepNo: run.stepNo, stepId, at })
    return stepAt(stepId)
  }

  const goTo = (stepId: string, at: Instant) => {
    const step = enter(stepId, at)
    if (step) follow(step.id, step.perform(sceneAt(step.id, at)), at, null)
  }

  const letPass = (now: Instant) => {
    while (run.place.kind === 'at' && run.place.waits.kind === 'until' && run.place.waits.dueAt <= now) {
      const { stepId, waits } = run.place
      const step = stepAt(stepId)
      if (step.listensFor) rememberMissed(stepId, waits.dueAt)
      follow(stepId, step.onDue(), waits.dueAt, null)
    }
  }

  const rememberMissed = (stepId: string, at: Instant) => {
    run = { ...run, timedOut: [...run.timedOut.filter((each) => each.stepId !== stepId), { stepId, at }] }
  }

  const noteLate = (event: ArrivedEvent) => {
    if (run.late >= lateLimit) return
    const missed = run.timedOut.find(({ stepId }) => {
      const pattern = journey.steps.get(stepId)?.listensFor
      return pattern ? matchesPattern(journey, run, event, pattern) : false
    })
    if (!missed) return
    run = { ...run, late: run.late + 1 }
    trace.push({
      kind: 'late',
      stepId: missed.stepId,
      at: event.receivedAt,
      missedAt: missed.at,
      event: event.name,
      messageId: event.messageId,
    })
  }

  /** She did what the journey is for; whether after a message, its hand-over says. */
  const noteGoal = (event: ArrivedEvent): boolean => {
    const { goal } = journey
    if (goal === null || !matchesPattern(journey, run, event, goal)) return false
    const until = goalsNotedUntil(journey, run)
    if (run.goals < goalLimit && (until === null || event.receivedAt <= until)) {
      run = { ...run, goals: run.goals + 1 }
      trace.push({ kind: 'goal', at: event.receivedAt, withinMs: goal.withinMs, messageId: event.messageId })
    }
    return true
  }

  const isReply = (event: ArrivedEvent) =>
    journey.definition.exitOnReply && event.name === replyEvent && event.properties[replyRunProperty] === run.runId

  const take = (event: HeldEvent) => {
    if (event.receivedAt < run.enteredAt || event.messageId === run.entry.messageId) return
    letPass(event.receivedAt)
    if (run.place.kind !== 'at') {
      noteLate(event)
      noteGoal(event)
      return
    }
    if (run.place.waits.kind === 'answer') {
      // Whether the run is over by then, and another may begin, the answer will say.
      const counts = journey.listenedEvents.has(event.name) || journey.entryEvent === event.name
      if (counts && run.held.length < heldLimit) run = { ...run, held: [...run.held, event] }
      return
    }
    const { stepId } = run.place
    const step = stepAt(stepId)
    if (noteGoal(event)) end({ kind: 'exited', at: event.receivedAt, reason: 'goal' }, 'goal')
    else if (isReply(event)) end({ kind: 'exited', at: event.receivedAt, reason: 'replied' }, 'replied')
    else if (step.listensFor && matchesPattern(journey, run, event, step.listensFor))
      follow(stepId, step.onEvent(), event.receivedAt, event.messageId)
    else noteLate(event)
  }

  /** The step is left at the instant it was come to: an answer takes no time, however long it was waited for. */
  const answer = (holds: ReadonlySet<string>) => {
    if (run.place.kind !== 'at' || run.place.waits.kind !== 'answer') return
    const { stepId, since } = run.place
    const { held } = run
    run = { ...run, held: [] }
    follow(stepId, stepAt(stepId).onAnswer(sceneAt(stepId, since), holds), since, null)
    for (const event of held) take(event)
  }

  return {
    goTo,
    take,
    letPass,
    answer,
    end: (place: Exclude<Place, { kind: 'at' }>) => {
      if (run.place.kind === 'at') end(place, place.kind === 'exited' ? place.reason : finishedReason)
    },
    result: (): Advance => ({ run, intents, trace }),
  }
}
