import type { PropertyFilter, Rule } from '@baton/contract'
import { dayMs } from '../kernel/index.ts'

/** Short ways to write the rules that the default tracks are made of. */
const windowOf = (days: number | undefined) => (days === undefined ? {} : { window: { lastMs: days * dayMs } })

export const did = (event: string, times = 1, days?: number): Rule => ({
  kind: 'event-count',
  event,
  where: [],
  is: 'at-least',
  value: times,
  ...windowOf(days),
})
/** `event` happened, and `than` has not since. */
export const since = (event: string, than: string, days?: number): Rule => ({
  kind: 'event-after',
  event,
  than,
  ...windowOf(days),
})
export const lastSaid = (event: string, filter: PropertyFilter, days?: number): Rule => ({
  kind: 'event-last',
  event,
  where: [],
  filter,
  ...windowOf(days),
})
export const knows = (path: string): Rule => ({ kind: 'trait', path, is: 'exists' })
export const trait = (path: string, value: string | number | boolean): Rule => ({
  kind: 'trait',
  path,
  is: 'equals',
  value,
})
export const ruleOf = (ruleKey: string): Rule => ({ kind: 'rule', ruleKey })
export const all = (...of: Rule[]): Rule => ({ kind: 'and', of })
export const any = (...of: Rule[]): Rule => ({ kind: 'or', of })
export const not = (of: Rule): Rule => ({ kind: 'not', of })
export const atLeast = (count: number, ...of: Rule[]): Rule => ({ kind: 'at-least', count, of })
