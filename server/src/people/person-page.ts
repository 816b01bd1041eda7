import type { Person, PersonListItem } from '@baton/contract'
import type { Instant, PersonId, WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, Postgres } from '../stores/index.ts'
import { readLastSeen } from './event-sql.ts'
import { setAsideOf } from './fold-order.ts'
import type { PersonLenses } from './lenses.ts'
import { loadNewestOrders, sumOrdersOfPersons } from './order-store.ts'
import { loadPersonFacts, type PersonFacts } from './person-facts-store.ts'
import { conflictsOf, mergesOf } from './person-list-store.ts'
import { readProjected } from './projection-store.ts'
import { keptRevenue } from './revenue.ts'

interface PageDeps {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly lenses: PersonLenses
}

const ordersShown = 1_000

const textTrait = (facts: PersonFacts, ...names: readonly string[]): string | null => {
  for (const name of names) {
    const value = facts.traits[name]
    if (typeof value === 'string' && value.trim().length > 0) return value.trim()
  }
  return null
}

export const emailOf = (facts: PersonFacts): string | null =>
  facts.identifiers.find((each) => each.kind === 'email')?.value ?? null

/** What staff call a person: her name, else her address, else her user id. */
export const titleOf = (facts: PersonFacts): string => {
  const parts = [textTrait(facts, 'firstName', 'first_name'), textTrait(facts, 'lastName', 'last_name')]
  const name = textTrait(facts, 'name') ?? parts.filter(Boolean).join(' ')
  const userId = facts.identifiers.find((each) => each.kind === 'userId')?.value
  return name || emailOf(facts) || userId || `Anonymous ${facts.personId.slice(-6)}`
}

/** Lines of the people list, in the order asked; persons that are no more are left out. */
export const describePersons = async (
  deps: PageDeps,
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
): Promise<readonly PersonListItem[]> => {
  const { facts, sums, projected } = await deps.postgres.inWorkspace(workspaceId, async (tx) => ({
    facts: await loadPersonFacts(tx, workspaceId, persons),
    sums: await sumOrdersOfPersons(tx, workspaceId, persons),
    projected: await readProjected(tx, workspaceId),
  }))
  const pairs = [...facts.values()].flatMap((each) =>
    each.subjects.map((subjectId) => ({ subjectId, personId: each.personId })),
  )
  const [lastSeen, states] = await Promise.all([
    readLastSeen(deps.clickhouse, workspaceId, pairs, projected.batch),
    deps.lenses.statesOf?.(workspaceId, persons) ?? new Map<PersonId, Record<string, string>>(),
  ])
  return persons.flatMap((personId) => {
    const each = facts.get(personId)
    if (!each) return []
    const lastSeenAt: Instant | null = lastSeen.get(personId) ?? null
    const revenue = keptRevenue(sums.get(personId) ?? [])
    const { firstSeenAt } = each
    return [
      {
        personId,
        title: titleOf(each),
        email: emailOf(each),
        firstSeenAt,
        lastSeenAt,
        states: states.get(personId) ?? {},
        revenue,
      },
    ]
  })
}

/** Everything the person page shows beside the timeline; null when there is no such person. */
export const describePerson = async (
  deps: PageDeps,
  workspaceId: WorkspaceId,
  personId: PersonId,
): Promise<Person | null> => {
  const found = await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    const facts = (await loadPersonFacts(tx, workspaceId, [personId])).get(personId)
    if (!facts) return null
    const conflicts = await conflictsOf(tx, workspaceId, personId)
    return {
      facts,
      merges: await mergesOf(tx, workspaceId, personId),
      conflicts,
      others: await loadPersonFacts(
        tx,
        workspaceId,
        conflicts.map((conflict) => conflict.personId),
      ),
      orders: await loadNewestOrders(tx, workspaceId, facts.subjects, ordersShown),
      sums: (await sumOrdersOfPersons(tx, workspaceId, [personId])).get(personId) ?? [],
    }
  })
  if (!found) return null
  const { facts, merges, conflicts, others, orders, sums } = found
  const [states, segments] = await Promise.all([
    deps.lenses.stateDetails?.(workspaceId, personId) ?? [],
    deps.lenses.segmentsOf?.(workspaceId, personId) ?? [],
  ])
  return {
    personId,
    title: titleOf(facts),
    firstSeenAt: facts.firstSeenAt,
    identifiers: [...facts.identifiers],
    traits: Object.entries(facts.traits)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, value]) => ({ name, value, statedAt: facts.traitTimes[name] ?? null })),
    subjects: [...facts.subjects],
    merges: [...merges],
    conflicts: conflicts.flatMap((conflict) => {
      const other = others.get(conflict.personId)
      return other === undefined ? [] : [{ ...conflict, title: titleOf(other) }]
    }),
    states,
    segments,
    orders: orders.map(({ subjectId: _subject, guest: _guest, statedFree: _free, facts: said, ...order }) => ({
      ...order,
      setAside: [...setAsideOf(said, order.currency)],
    })),
    orderCounts: {
      all: sums.reduce((count, sum) => count + sum.orders, 0),
      notCancelled: sums.reduce((count, sum) => count + sum.notCancelled, 0),
    },
    revenue: keptRevenue(sums),
  }
}
