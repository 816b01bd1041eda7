import type { Phase } from '@baton/contract'

/** The owners to be named: where another was chosen, or the one by default is confirmed by saving. */
export const ownerChanges = (
  phases: readonly Pick<Phase, 'phase' | 'owner' | 'named'>[],
  chosen: Readonly<Record<string, string>>,
): { phase: Phase['phase']; userId: string }[] =>
  phases.flatMap(({ phase, owner, named }) => {
    const userId = chosen[phase] ?? owner?.userId
    return userId === undefined || (named && userId === owner?.userId) ? [] : [{ phase, userId }]
  })
