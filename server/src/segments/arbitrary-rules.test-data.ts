import type { LeafCondition, PropertyFilter, Rule } from '@baton/contract'
import fc from 'fast-check'
import type { JsonObject } from '../collect/index.ts'
import type { FactEvent } from './facts.ts'

/** Random rules over random people for the property tests: few names and values, so that they meet; every edge by intent. */
export const testNow = Date.parse('2026-05-17T12:34:56.789Z')
const windows = [1, 1_000, 3_600_000, 30 * 86_400_000]
const eventNames = ['Order Completed', 'Product Viewed', 'ünïcode 🎈', "it's `quoted`"]
const paths = ['a', 'a.b', 'plan', 'total', 'naïve ключ', 'n-1', '1', 'constructor', '__proto__']
const texts = [
  '',
  'a',
  'A',
  '12',
  '12.5',
  '-3',
  '012',
  '1e3',
  ' 12',
  'true',
  'ü',
  '🎈',
  'ab🎈c',
  "it's",
  '\\',
  'a\tb\n',
  '￿',
]
const numbers = [0, -1, 1, 12, 12.5, -3, 0.1, 0.2, 1e15, 1e21, 1.5e300, -0, 2 ** 53, 99_999_999_999.5]
const dates = [
  '2026-05-17',
  '2026-05-17T12:34:56.789Z',
  '2026-05-17T12:34:56.790Z',
  '2026-05-17T14:34:56.789+02:00',
  '2026-05-17 12:34',
  '2024-02-31T00:00:00Z',
  '1899-12-31',
  '1900-01-01',
  '2299-12-31T23:59:60-0330',
  '2026-13-01',
  '2026-00-10',
  '2026-05-17T25:00:00Z',
  'yesterday',
]

const scalar = fc.oneof(
  fc.constantFrom(...texts, ...numbers, ...dates, true, false),
  fc.string({ maxLength: 6 }),
  fc.integer({ min: -20, max: 20 }),
)
const value = fc.oneof(
  { weight: 8, arbitrary: scalar },
  { weight: 1, arbitrary: fc.constantFrom(null, [], ['a'], [1, 'a', null], {}, testNow, testNow + 1, testNow - 1000) },
  { weight: 1, arbitrary: fc.record({ b: scalar }) },
)
export const properties: fc.Arbitrary<JsonObject> = fc
  .dictionary(fc.constantFrom(...paths), value, { maxKeys: 5 })
  .map((object) => ({ ...object }))

export const eventTime = fc.oneof(
  fc.constantFrom(
    ...windows.flatMap((ms) => [testNow - ms - 1, testNow - ms, testNow - ms + 1]),
    testNow,
    testNow - 1,
    testNow + 1,
    testNow + 86_400_000,
  ),
  fc.integer({ min: testNow - 40 * 86_400_000, max: testNow + 1000 }),
)
export const factEvent: fc.Arbitrary<FactEvent> = fc.record({
  name: fc.constantFrom(...eventNames, 'Nobody asks'),
  occurredAt: eventTime,
  messageId: fc.oneof(fc.constantFrom('m', 'M', 'é', '🎈', 'z1'), fc.uuid()),
  properties,
})

const path = fc.constantFrom(...paths)
const filter: fc.Arbitrary<PropertyFilter> = fc.oneof(
  fc.record({ path, is: fc.constantFrom('exists', 'not-exists') }),
  fc.record({ path, is: fc.constantFrom('equals', 'not-equals'), value: scalar }),
  fc.record({
    path,
    is: fc.constantFrom('greater', 'at-least', 'less', 'at-most'),
    value: scalar.filter((each) => typeof each !== 'boolean'),
  }),
  fc.record({ path, is: fc.constant('contains'), value: fc.constantFrom(...texts) }),
  fc.record({ path, is: fc.constant('in'), values: fc.array(scalar, { minLength: 1, maxLength: 4 }) }),
)
const selection = {
  event: fc.constantFrom(...eventNames, 'Never happened'),
  where: fc.array(filter, { maxLength: 2 }),
  window: fc.option(fc.record({ lastMs: fc.constantFrom(...windows) }), { nil: undefined }),
}
const threshold = fc.constantFrom('at-least', 'at-most', 'equals', 'greater', 'less')
type DrawnKind = Exclude<LeafCondition['kind'], 'segment' | 'rule'>
/** One for every kind; those that ask other rules know the rules there are. */
const leaves: { readonly [Kind in DrawnKind]: fc.Arbitrary<Extract<LeafCondition, { kind: Kind }>> } = {
  trait: filter.map((each) => ({ kind: 'trait' as const, ...each })),
  'trait-date': fc.record({
    kind: fc.constant('trait-date'),
    path,
    plusMs: fc.constantFrom(0, 1, -1000, 3_600_000),
    is: fc.constantFrom('past', 'future'),
  }),
  'event-count': fc.record({ kind: fc.constant('event-count'), ...selection, is: threshold, value: fc.nat(4) }),
  'event-sum': fc.record({
    kind: fc.constant('event-sum'),
    ...selection,
    path,
    is: threshold,
    value: fc.oneof(
      fc.constantFrom(...numbers.filter((each) => Math.abs(each) < 1e11)),
      fc.integer({ min: -20, max: 40 }),
    ),
  }),
  'event-last': fc.record({ kind: fc.constant('event-last'), ...selection, filter }),
  'event-after': fc.record({
    kind: fc.constant('event-after'),
    event: selection.event,
    than: selection.event,
    window: selection.window,
  }),
}
const leaf: fc.Arbitrary<LeafCondition> = fc.oneof(...Object.values(leaves))

export const ruleOver = (ruleKeys: readonly string[]): fc.Arbitrary<Rule> => {
  const base: fc.Arbitrary<Rule> =
    ruleKeys.length === 0
      ? leaf
      : fc.oneof(
          { weight: 6, arbitrary: leaf },
          { weight: 1, arbitrary: fc.record({ kind: fc.constant('rule'), ruleKey: fc.constantFrom(...ruleKeys) }) },
        )
  return fc.letrec<{ rule: Rule }>((tie) => ({
    rule: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: base },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constantFrom('and', 'or'),
          of: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('not'), of: tie('rule') }) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('at-least'),
          count: fc.integer({ min: 1, max: 2 }),
          of: fc.array(tie('rule'), { minLength: 2, maxLength: 3 }),
        }),
      },
    ),
  })).rule
}
