import type { LeafCondition } from '@baton/contract'
import { askedPaths, eventNamesOf } from './asked-paths.ts'
import { operatorOf } from './operators/list.ts'
import type { AskedPath } from './operators/operator.ts'

/** What conditions look at of the events of one name. */
export interface EventLayout {
  readonly name: string
  readonly paths: readonly AskedPath[]
  /** A condition asks for message ids. */
  readonly withId: boolean
}

/** All that some conditions look at, of anybody. */
export interface FactsLayout {
  readonly events: readonly EventLayout[]
  readonly indexOf: ReadonlyMap<string, number>
  /** Paths of the properties of any of the events. */
  readonly properties: readonly AskedPath[]
  readonly traits: readonly AskedPath[]
  /** Equal for equal layouts. */
  readonly key: string
}

export const layoutOf = (leaves: readonly LeafCondition[]): FactsLayout => {
  const names = [...new Set(leaves.flatMap(eventNamesOf))].sort()
  const events = names.map((name): EventLayout => {
    const about = leaves.filter((leaf) => eventNamesOf(leaf).includes(name))
    return {
      name,
      paths: inOrder(askedPaths(about).properties),
      withId: about.some((leaf) => operatorOf(leaf).asks(leaf).messageIds === true),
    }
  })
  const { properties, traits } = askedPaths(leaves)
  const sortedTraits = inOrder(traits)
  return {
    events,
    indexOf: new Map(names.map((name, index) => [name, index])),
    properties: inOrder(properties),
    traits: sortedTraits,
    key: JSON.stringify([events, sortedTraits]),
  }
}

const inOrder = (paths: readonly AskedPath[]): readonly AskedPath[] =>
  [...paths].sort((one, other) => (one.path < other.path ? -1 : 1))
