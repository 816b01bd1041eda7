import type { PropertyFilter } from '@baton/contract'
import { dayMs, hourMs, type Milliseconds, minuteMs } from '../kernel/index.ts'
import type { FlatValue } from '../people/index.ts'

/** Conditions in plain words. */
const comparisons: Readonly<Record<PropertyFilter['is'], string>> = {
  equals: 'is',
  'not-equals': 'is not',
  greater: 'is greater than',
  'at-least': 'is at least',
  less: 'is less than',
  'at-most': 'is at most',
  contains: 'contains',
  in: 'is one of',
  exists: 'is known',
  'not-exists': 'is not known',
}

export const shown = (value: FlatValue | null | undefined): string =>
  value === null || value === undefined ? 'not known' : typeof value === 'string' ? `“${value}”` : JSON.stringify(value)

export const filterSentence = ({ path, is, value, values }: PropertyFilter): string => {
  if (is === 'exists' || is === 'not-exists') return `${path} ${comparisons[is]}`
  return `${path} ${comparisons[is]} ${is === 'in' ? (values ?? []).map(shown).join(', ') : shown(value)}`
}

export const eventSentence = (condition: {
  readonly event: string
  readonly where: readonly PropertyFilter[]
  readonly window?: { readonly lastMs: Milliseconds } | undefined
}): string =>
  [
    condition.event,
    ...(condition.where.length > 0 ? [`where ${condition.where.map(filterSentence).join(' and ')}`] : []),
    ...(condition.window ? [`in the last ${durationText(condition.window.lastMs)}`] : []),
  ].join(' ')

export const thresholds = {
  'at-least': 'at least',
  'at-most': 'at most',
  equals: 'exactly',
  greater: 'more than',
  less: 'fewer than',
} as const

export const durationText = (ms: Milliseconds): string => {
  for (const [unitMs, unit] of [
    [dayMs, 'day'],
    [hourMs, 'hour'],
    [minuteMs, 'minute'],
    [1000, 'second'],
  ] as const) {
    const count = ms / unitMs
    if (Number.isInteger(count)) return `${count} ${unit}${count === 1 ? '' : 's'}`
  }
  return `${ms} ms`
}
