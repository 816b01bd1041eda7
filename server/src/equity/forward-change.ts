import { countable } from '../kernel/index.ts'
import type { ComputedForwardEquity, PersonValue } from './forward-equity.ts'

/** What moved the forward figure from an earlier one to another on the same basis; the parts sum to the change. */
export interface ForwardChange {
  readonly fromMinor: number
  readonly toMinor: number
  readonly parts: readonly ForwardChangePart[]
}

export interface ForwardChangePart {
  readonly key: 'came' | 'gone' | 'rose' | 'fell' | 'erased' | 'future-customers'
  readonly heads: number
  readonly minor: number
}

/** As much of the earlier figure as is known now: `people` may be fewer than its customers were, as some were erased. */
export interface EarlierFigure {
  readonly totalMinor: number
  readonly futureMinor: number
  readonly customers: number
  readonly people: readonly Pick<PersonValue, 'personId' | 'valueMinor'>[]
}

/**
 * Came and gone: people in only one of the two. Rose and fell: what behaviour since, and the model learning, made of the
 * others. Erased, only where there are any: of whom the earlier figure no longer says what each was worth.
 */
export const explainForwardChange = (
  before: EarlierFigure,
  after: Pick<ComputedForwardEquity, 'total' | 'future' | 'people'>,
): ForwardChange => {
  const earlier = new Map(before.people.map((person) => [person.personId, person.valueMinor]))
  const parts = {
    came: { heads: 0, minor: 0 },
    gone: { heads: 0, minor: 0 },
    rose: { heads: 0, minor: 0 },
    fell: { heads: 0, minor: 0 },
  }
  const add = (key: keyof typeof parts, minor: number) => {
    parts[key].heads += 1
    parts[key].minor = countable(parts[key].minor + minor)
  }
  const erased = {
    heads: before.customers - earlier.size,
    minor: earlier.values().reduce((sum, was) => sum + was, 0) - (before.totalMinor - before.futureMinor),
  }
  for (const { personId, valueMinor } of after.people) {
    const was = earlier.get(personId)
    earlier.delete(personId)
    if (was === undefined) add('came', valueMinor)
    else if (valueMinor !== was) add(valueMinor > was ? 'rose' : 'fell', valueMinor - was)
  }
  for (const was of earlier.values()) add('gone', 0 - was)
  return {
    fromMinor: before.totalMinor,
    toMinor: after.total.minor,
    parts: [
      { key: 'came', ...parts.came },
      { key: 'gone', ...parts.gone },
      { key: 'rose', ...parts.rose },
      { key: 'fell', ...parts.fell },
      ...(erased.heads === 0 && erased.minor === 0 ? [] : [{ key: 'erased' as const, ...erased }]),
      { key: 'future-customers', heads: 0, minor: countable(after.future.minor - before.futureMinor) },
    ],
  }
}
