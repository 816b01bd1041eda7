import { branchStep } from '@baton/contract'
import { declareStep } from '../step-kind.ts'

/**
 * Takes the first branch that holds. Filters on the entry event are read at once; a rule about the person is a hidden
 * segment, read when the tick has passed what brought the run here. The rules asked about are only those that could decide.
 */
export const branch = declareStep({
  kind: 'branch',
  title: 'Branch',
  description: 'Takes the first branch that holds for her, by what started the journey or by a rule about her.',
  schema: branchStep,
  fields: [
    { path: 'branches', title: 'Branches', input: 'branches', required: true },
    { path: 'otherwise', title: 'Otherwise', input: 'step', required: false },
  ],
  waysOut: (step) => [
    ...step.branches.map((each, index) => ({
      field: `branches.${index}.next`,
      label: each.label,
      next: each.next,
    })),
    { field: 'otherwise', label: 'Otherwise', next: step.otherwise },
  ],
  staysMs: () => 0,
  filters: (step) =>
    step.branches.map(({ entry }, index) => ({
      field: `branches.${index}.entry`,
      event: 'the entry event',
      where: entry,
    })),
  rules: (step) =>
    step.branches.flatMap(({ when }, index) => (when ? [{ index, field: `branches.${index}.when`, rule: when }] : [])),
  perform: (step, scene) => {
    const ruleKeys: string[] = []
    for (const [index, each] of step.branches.entries()) {
      if (!scene.passes(scene.run.entry, each.entry)) continue
      if (each.when) ruleKeys.push(scene.ruleKey(index))
      else if (ruleKeys.length === 0) return { kind: 'go', to: each.next, outcome: each.label }
      else break
    }
    return ruleKeys.length > 0 ? { kind: 'ask', ruleKeys } : { kind: 'go', to: step.otherwise, outcome: 'otherwise' }
  },
  onAnswer: (step, scene, holds) => {
    const taken = step.branches.find(
      (each, index) => scene.passes(scene.run.entry, each.entry) && (!each.when || holds.has(scene.ruleKey(index))),
    )
    return taken
      ? { kind: 'go', to: taken.next, outcome: taken.label }
      : { kind: 'go', to: step.otherwise, outcome: 'otherwise' }
  },
})
