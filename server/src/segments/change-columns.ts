import type { ChangeCause, Json } from '@baton/contract'
import type { Instant, PersonId } from '../kernel/index.ts'

/** What many changes of one tick have in common; decided, sent and stored once. */
export interface ChangeKind {
  readonly ruleKey: string
  readonly version: number
  readonly entered: boolean
  readonly cause: ChangeCause
  readonly evidence: Json
}

/** Changes of membership as columns: place n of `persons`, `ats` and `kindOf` is one change, in the order of its writing. */
export interface ChangeColumns {
  readonly kinds: readonly ChangeKind[]
  readonly kindOf: readonly number[]
  readonly persons: readonly PersonId[]
  readonly ats: readonly Instant[]
}

export interface ChangeColumnsBuilder extends ChangeColumns {
  /** Adds a change; `kind` is made when its key is new. Equal keys must mean equal kinds. */
  add(personId: PersonId, at: Instant, key: string, kind: () => ChangeKind): void
}

export const createChangeColumns = (): ChangeColumnsBuilder => {
  const places = new Map<string, number>()
  const kinds: ChangeKind[] = []
  const kindOf: number[] = []
  const persons: PersonId[] = []
  const ats: Instant[] = []
  return {
    kinds,
    kindOf,
    persons,
    ats,
    add: (personId, at, key, kind) => {
      let place = places.get(key)
      if (place === undefined) {
        place = kinds.push(kind()) - 1
        places.set(key, place)
      }
      kindOf.push(place)
      persons.push(personId)
      ats.push(at)
    },
  }
}
