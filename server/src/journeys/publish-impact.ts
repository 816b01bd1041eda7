import { isDeepStrictEqual } from 'node:util'
import type { JourneyDefinition, JourneyImpact } from '@baton/contract'
import { bindStep } from './compiled-journey.ts'

/** A version that has people inside, and how many wait at each of its steps. */
export interface InhabitedVersion {
  readonly version: number
  readonly definition: JourneyDefinition
  readonly active: number
  readonly waiting: ReadonlyMap<string, number>
}

/**
 * What a new version means for people inside. The rule: they finish on the version they entered. Said for each step
 * where somebody waits and which the new version changes or no longer has.
 */
export const publishImpact = (
  versions: readonly InhabitedVersion[],
  draft: JourneyDefinition | null,
): JourneyImpact => {
  const newSteps = new Map(draft?.steps.map((step) => [step.id, step]) ?? [])
  return {
    inside: versions.reduce((sum, each) => sum + each.active, 0),
    steps:
      draft === null
        ? []
        : versions.flatMap(({ version, definition, waiting }) =>
            definition.steps.flatMap((step) => {
              const there = waiting.get(step.id) ?? 0
              const now = newSteps.get(step.id)
              if (there === 0 || isDeepStrictEqual(step, now)) return []
              const change = now ? ('changed' as const) : ('removed' as const)
              return [
                {
                  version,
                  stepId: step.id,
                  title: bindStep(step).title,
                  change,
                  waiting: there,
                  outcome: outcomeOf(there, version, change),
                },
              ]
            }),
          ),
  }
}

const outcomeOf = (people: number, version: number, change: 'changed' | 'removed'): string =>
  `${people === 1 ? 'One person stays' : `All ${people} stay`} on version ${version} with this step as it was; ${
    change === 'removed' ? 'nobody else will come to it' : 'only who enters from now on meets the new one'
  }.`
