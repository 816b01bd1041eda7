const day = 24 * 3_600_000
const events = ['Product Viewed', 'Product Added', 'Checkout Started', 'Product List Viewed', 'Order Completed']

/** Segments as a marketer writes them: recency, frequency and value, carts left, plans, ages, and mixtures of these. */
export const benchRules = (count: number): readonly { name: string; rule: object }[] =>
  Array.from({ length: count }, (_, index) => ({ name: `Bench ${index}`, rule: ruleOf(index) }))

const ruleOf = (index: number): object => {
  const event = events[index % events.length]
  const window = { lastMs: ([1, 7, 30, 90][index % 4] as number) * day }
  const counted = { kind: 'event-count', event, where: [], window, is: 'at-least', value: (index % 3) + 1 }
  const plan = { kind: 'trait', path: 'plan', is: 'equals', value: ['free', 'plus', 'pro'][index % 3] }
  const age = { kind: 'trait', path: 'age', is: 'at-least', value: 20 + (index % 50) }
  const spent = {
    kind: 'event-sum',
    event: 'Order Completed',
    where: [],
    window,
    is: 'at-least',
    path: 'revenue',
    value: 20 + index,
  }
  const dear = { ...counted, where: [{ path: 'price', is: 'greater', value: 10 + (index % 20) }] }
  const none = { kind: 'event-count', event: 'Order Completed', where: [], window, is: 'equals', value: 0 }
  const shapes = [
    counted,
    { kind: 'and', of: [counted, plan] },
    { kind: 'or', of: [spent, age] },
    { kind: 'and', of: [dear, { kind: 'not', of: plan }] },
    { kind: 'and', of: [counted, none] },
  ]
  return shapes[index % shapes.length] as object
}
