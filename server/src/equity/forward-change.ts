import type { ComputedForwardEquity } from './forward-equity.ts'

/** What moved the value of current customers between two forward figures; the parts sum to the change. */
export interface ForwardChange {
  readonly fromMinor: number
  readonly toMinor: number
  readonly parts: readonly ForwardChangePart[]
}

export interface ForwardChangePart {
  readonly key: 'came' | 'gone' | 'rose' | 'fell' | 'future-customers'
  readonly heads: number
  readonly minor: number
}

/** Came and gone: people in only one of the two. Rose and fell: what behaviour since, and the model learning, made of the others. */
export const explainForwardChange = (before: ComputedForwardEquity, after: ComputedForwardEquity): ForwardChange => {
  const earlier = new Map(before.people.map((person) => [person.personId, person.valueMinor]))
  const parts = {
    came: { heads: 0, minor: 0 },
    gone: { heads: 0, minor: 0 },
    rose: { heads: 0, minor: 0 },
    fell: { heads: 0, minor: 0 },
  }
  const add = (key: keyof typeof parts, minor: number) => {
    parts[key].heads += 1
    parts[key].minor += minor
  }
  for (const { personId, valueMinor } of after.people) {
    const was = earlier.get(personId)
    earlier.delete(personId)
    if (was === undefined) add('came', valueMinor)
    else if (valueMinor !== was) add(valueMinor > was ? 'rose' : 'fell', valueMinor - was)
  }
  for (const was of earlier.values()) add('gone', 0 - was)
  return {
    fromMinor: before.total.minor,
    toMinor: after.total.minor,
    parts: [
      { key: 'came', ...parts.came },
      { key: 'gone', ...parts.gone },
      { key: 'rose', ...parts.rose },
      { key: 'fell', ...parts.fell },
      { key: 'future-customers', heads: 0, minor: after.future.minor - before.future.minor },
    ],
  }
}
