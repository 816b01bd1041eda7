import type { PersonId, Position } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'
import type { RuleQuery, SlottedRule } from './compile-rules.ts'
import { type Looked, lookAtPeople } from './look-at.ts'
import { rulesAtHand } from './people-at-hand.ts'
import { createWorkspaceFacts } from './workspace-facts.ts'

/** A look at people as they are read, and a second one as they are remembered after it. */
export const lookHere = async (
  clickhouse: ClickHouse,
  slotted: readonly SlottedRule[],
  query: Omit<RuleQuery, 'scope'>,
  persons: readonly PersonId[],
): Promise<{ read: Looked; remembered: Looked }> => {
  const atHand = rulesAtHand(slotted)
  const memory = createWorkspaceFacts({ tick: 0, leaseToken: 0, layout: atHand.layout })
  const readAt = { projected: { live: 1 as Position, bulk: 1 as Position }, tick: 0 }
  const look = () => lookAtPeople({ clickhouse }, { slotted, atHand }, query, persons, { memory, readAt })
  return { read: await look(), remembered: await look() }
}
