import type { JsonObject } from '../collect/index.ts'
import type { Instant } from '../kernel/index.ts'

/** What rules look at: one person's facts. Times at or before 1970 are not facts (no clock was set). */
export interface Facts {
  readonly traits: JsonObject
  readonly events: readonly FactEvent[]
}
export interface FactEvent {
  readonly name: string
  readonly occurredAt: Instant
  readonly messageId: string
  readonly properties: JsonObject
}

/** The answer of another rule that this one asks for. */
export interface RuleAnswer {
  readonly holds: boolean
  readonly nextChangeAt: Instant | null
}

/** Facts at one instant: nothing later is seen, events are found by name, other rules by their key. */
export interface FactsAt {
  readonly now: Instant
  readonly traits: JsonObject
  readonly eventsOf: (name: string) => readonly FactEvent[]
  readonly answerOf: (ruleKey: string) => RuleAnswer
  /** What was found last: a condition's answer and its next change, asked one after the other, look at the same events. */
  readonly selected: Selected
}

/** `by` is the condition, null before the first. */
export interface Selected {
  by: object | null
  count: number
  /** Times of the newest and the oldest, 0 when there is none. */
  newest: Instant
  oldest: Instant
}

const none: readonly FactEvent[] = []
const unknownRule: RuleAnswer = { holds: false, nextChangeAt: null }

export const factsAt = (
  facts: Facts,
  now: Instant,
  answerOf: (ruleKey: string) => RuleAnswer = () => unknownRule,
): FactsAt => {
  const byName = new Map<string, FactEvent[]>()
  for (const event of facts.events) {
    if (event.occurredAt > now || event.occurredAt <= 0) continue
    const same = byName.get(event.name)
    if (same === undefined) byName.set(event.name, [event])
    else same.push(event)
  }
  return {
    now,
    traits: facts.traits,
    eventsOf: (name) => byName.get(name) ?? none,
    answerOf,
    selected: { by: null, count: 0, newest: 0, oldest: 0 },
  }
}
