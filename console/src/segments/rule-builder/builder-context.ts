import { createContext, use } from 'react'
import type { DraftGroup } from '../rule-draft.ts'
import type { Suggestions } from '../use-event-catalogue.ts'

/** What every part of the builder needs and none of them owns. */
export interface BuilderSurroundings {
  readonly root: DraftGroup
  readonly change: (root: DraftGroup) => void
  readonly counts: ReadonlyMap<string, number>
  readonly stale: boolean
  readonly unfinished: ReadonlySet<string>
  readonly suggestions: Suggestions
  readonly segments: readonly { readonly segmentId: string; readonly name: string }[]
}

export const BuilderContext = createContext<BuilderSurroundings | null>(null)

export const useBuilder = (): BuilderSurroundings => {
  const surroundings = use(BuilderContext)
  if (surroundings === null) throw new Error('This is a part of <RuleBuilder> and lives only inside it')
  return surroundings
}
