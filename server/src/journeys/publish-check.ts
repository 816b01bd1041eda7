import type { JourneyDefinition, JourneyProblem } from '@baton/contract'
import { brandAs, type JourneyId, type TemplateId, type WorkspaceId } from '../kernel/index.ts'
import { ruleProblem } from '../segments/index.ts'
import { bindStep, ruleKeyPrefix } from './compiled-journey.ts'
import type { JourneyPorts } from './ports.ts'

/** The rules about people in a definition's steps, with the key of the hidden segment of each. */
export const branchRules = (journeyId: JourneyId, version: number, definition: JourneyDefinition) =>
  definition.steps.map(bindStep).flatMap(({ id, rules }) =>
    rules.map(({ index, field, rule }) => ({
      ruleKey: `${ruleKeyPrefix(journeyId, version)}${id}:${index}`,
      rule,
      stepId: id,
      field,
    })),
  )

/** What only other rooms know: templates, segments, rules, and who answers for the phase. */
export const askOtherRooms = async (
  ports: Pick<JourneyPorts, 'rules' | 'publishing'>,
  workspaceId: WorkspaceId,
  definition: JourneyDefinition,
): Promise<readonly JourneyProblem[]> => {
  const problems: JourneyProblem[] = []
  const steps = definition.steps.map(bindStep)
  const wanted = steps.flatMap(({ templates }) => templates.map((each) => brandAs<TemplateId>(each)))
  const there = await ports.publishing.templates(workspaceId, [...new Set(wanted)])
  for (const { id, templates } of steps)
    if (templates.some((each) => !there.has(brandAs<TemplateId>(each))))
      problems.push({
        code: 'missing-template',
        stepId: id,
        field: 'templateId',
        message: `The template of step "${id}" does not exist.`,
        remedy: 'Choose what it sends.',
      })
  if ((await ports.publishing.phaseOwner(workspaceId, definition.phase)) === null)
    problems.push({
      code: 'no-phase-owner',
      stepId: null,
      field: 'phase',
      message: `Nobody answers for the phase "${definition.phase}".`,
      remedy: 'Name its owner under Settings, Phases, then publish.',
    })
  const { entry } = definition
  const entryProblem =
    entry.kind === 'segment'
      ? await ports.rules.problem(workspaceId, { kind: 'segment', segmentId: entry.segmentId })
      : null
  if (entryProblem !== null)
    problems.push({
      code: 'missing-segment',
      stepId: null,
      field: 'entry.segmentId',
      message: entryProblem,
      remedy: 'Choose a segment of this workspace.',
    })
  return [...problems, ...(await ruleProblems(ports, workspaceId, definition))]
}

/** What is wrong with the rules about people and the filters, of which another room knows the language. */
export const ruleProblems = async (
  ports: Pick<JourneyPorts, 'rules'>,
  workspaceId: WorkspaceId,
  definition: JourneyDefinition,
): Promise<readonly JourneyProblem[]> => {
  const problems: JourneyProblem[] = []
  for (const { rule, stepId, field } of branchRules(brandAs<JourneyId>(''), 0, definition)) {
    const message = await ports.rules.problem(workspaceId, rule)
    if (message !== null)
      problems.push({
        code: 'invalid-rule',
        stepId,
        field,
        message,
        remedy: 'Change the rule.',
      })
  }
  return [...problems, ...filterProblems(definition)]
}

/** Filters of the entry, the goal and the steps must be ones the rule language understands. */
const filterProblems = (definition: JourneyDefinition): readonly JourneyProblem[] => {
  const { entry, goal } = definition
  const about = [
    ...(entry.kind === 'event' ? [{ stepId: null, field: 'entry.where', event: entry.event, where: entry.where }] : []),
    ...(goal ? [{ stepId: null, field: 'goal.where', event: goal.event, where: goal.where }] : []),
    ...definition.steps
      .map(bindStep)
      .flatMap(({ id, filters }) => filters.map((filter) => ({ stepId: id, ...filter }))),
  ]
  return about.flatMap(({ stepId, field, event, where }) => {
    const wrong = ruleProblem({ kind: 'event-count', event, where: [...where], is: 'at-least', value: 1 })
    return wrong === null
      ? []
      : [{ code: 'invalid-rule' as const, stepId, field, message: wrong.message, remedy: 'Change the filter.' }]
  })
}
