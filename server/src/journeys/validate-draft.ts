import { type JourneyDefinition, type JourneyDraft, type JourneyProblem, journeyDefinition } from '@baton/contract'
import { minuteMs } from '../kernel/index.ts'
import { bindStep } from './compiled-journey.ts'
import type { BoundStep } from './step-kind.ts'
import { stepKinds } from './steps/index.ts'

/** A loop must stay somewhere at least so long each time round. */
const shortestLoopMs = minuteMs

export type DraftReading =
  | { readonly kind: 'readable'; readonly definition: JourneyDefinition; readonly problems: readonly JourneyProblem[] }
  | { readonly kind: 'unreadable'; readonly problems: readonly JourneyProblem[] }

/** Reads a draft as a definition and says all that is wrong with it by itself; what needs other rooms is asked elsewhere. */
export const readDraft = (draft: JourneyDraft): DraftReading => {
  const parsed = journeyDefinition.safeParse(draft)
  if (!parsed.success)
    return { kind: 'unreadable', problems: parsed.error.issues.map((issue) => shapeProblem(draft, issue)) }
  const steps = parsed.data.steps.map(bindStep)
  return {
    kind: 'readable',
    definition: parsed.data,
    problems: [
      ...duplicateSteps(steps),
      ...wrongStart(parsed.data, steps),
      ...danglingSteps(steps),
      ...unreachableSteps(parsed.data, steps),
      ...restlessLoops(steps),
      ...keysWithoutEntryKey(parsed.data, steps),
    ],
  }
}

const problem = (
  code: JourneyProblem['code'],
  stepId: string | null,
  field: string | null,
  message: string,
  remedy: string,
): JourneyProblem => ({ code, stepId, field, message, remedy })

/** Of the steps, and of the branches of one. */
const nextFields = new Set([
  'next',
  ...Object.values(stepKinds).flatMap(({ fields }) =>
    fields.filter(({ input }) => input === 'step').map(({ path }) => path),
  ),
])

const shapeProblem = (
  draft: JourneyDraft,
  issue: { readonly path: readonly PropertyKey[]; readonly message: string },
): JourneyProblem => {
  const path = issue.path.map(String)
  const step = path[0] === 'steps' ? draft.steps[Number(path[1])] : undefined
  const field = (step ? path.slice(2) : path).join('.') || null
  const last = path.at(-1) ?? ''
  if (path[0] === 'steps' && path.length === 1)
    return problem('no-steps', null, 'steps', 'The journey has no steps yet.', 'Add a first step.')
  if (path[0] === 'start' && path.length === 1)
    return problem('missing-start', null, 'start', 'It is not said which step comes first.', 'Choose the first step.')
  if (step && nextFields.has(last))
    return problem(
      'missing-next',
      step.id,
      field,
      `Step "${step.id}" does not say what comes next.`,
      'Connect it to a step, or let the journey end there.',
    )
  if (step && last === 'templateId')
    return problem('missing-template', step.id, field, `Step "${step.id}" has no template.`, 'Choose what it sends.')
  return problem(
    'invalid',
    step?.id ?? null,
    field,
    `${step ? `Step "${step.id}"` : 'The journey'}${field ? `, ${field}` : ''}: ${issue.message}`,
    'Change the field so that it fits.',
  )
}

const duplicateSteps = (steps: readonly BoundStep[]): readonly JourneyProblem[] => {
  const seen = new Set<string>()
  return steps.flatMap(({ id }) => {
    const again = seen.has(id)
    seen.add(id)
    return again
      ? [problem('duplicate-step', id, 'id', `Two steps have the id "${id}".`, 'Give each step an id of its own.')]
      : []
  })
}

const wrongStart = ({ start }: JourneyDefinition, steps: readonly BoundStep[]): readonly JourneyProblem[] =>
  steps.some(({ id }) => id === start)
    ? []
    : [problem('missing-start', null, 'start', `The first step "${start}" does not exist.`, 'Choose the first step.')]

const danglingSteps = (steps: readonly BoundStep[]): readonly JourneyProblem[] => {
  const ids = new Set(steps.map(({ id }) => id))
  return steps.flatMap((step) =>
    step.waysOut.flatMap(({ field, label, next }) =>
      next === null || ids.has(next)
        ? []
        : [
            problem(
              'missing-next',
              step.id,
              field,
              `Step "${step.id}" goes on to "${next}" (${label}), which does not exist.`,
              'Connect it to a step that exists, or let the journey end there.',
            ),
          ],
    ),
  )
}

const unreachableSteps = ({ start }: JourneyDefinition, steps: readonly BoundStep[]): readonly JourneyProblem[] => {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const reached = new Set<string>()
  const toVisit = [start]
  for (let id = toVisit.pop(); id !== undefined; id = toVisit.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    for (const { next } of byId.get(id)?.waysOut ?? []) if (next !== null) toVisit.push(next)
  }
  return byId.has(start)
    ? steps
        .filter(({ id }) => !reached.has(id))
        .map(({ id }) =>
          problem('unreachable-step', id, null, `Nobody can come to step "${id}".`, 'Connect it, or delete it.'),
        )
    : []
}

/** Loops in which no step stays: found among the steps that stay too short, walking only through such steps. */
const restlessLoops = (steps: readonly BoundStep[]): readonly JourneyProblem[] => {
  const restless = new Map(steps.filter(({ staysMs }) => staysMs < shortestLoopMs).map((step) => [step.id, step]))
  const waysWithoutRest = (step: BoundStep) =>
    step.waysOut.flatMap(({ next }) => (next === null ? [] : (restless.get(next) ?? [])))
  return [...restless.values()].flatMap((from) => {
    const seen = new Set<string>()
    const toVisit = waysWithoutRest(from)
    for (let step = toVisit.pop(); step; step = toVisit.pop()) {
      if (step.id === from.id)
        return [
          problem(
            'cycle-without-wait',
            from.id,
            null,
            `Step "${from.id}" comes back to itself without a wait of at least a minute.`,
            'Put a wait into the loop, or lead it out.',
          ),
        ]
      if (seen.has(step.id)) continue
      seen.add(step.id)
      toVisit.push(...waysWithoutRest(step))
    }
    return []
  })
}

const keysWithoutEntryKey = (
  { entry, goal }: JourneyDefinition,
  steps: readonly BoundStep[],
): readonly JourneyProblem[] => {
  if (entry.kind === 'event' && entry.keyPath !== undefined) return []
  const remedy = 'Give the entry a key property, or remove the one here.'
  const wrong = steps
    .filter(({ listensFor }) => listensFor?.keyPath !== undefined)
    .map(({ id }) =>
      problem(
        'key-without-entry-key',
        id,
        'keyPath',
        `Step "${id}" compares a property with the entry key, but the entry has none.`,
        remedy,
      ),
    )
  return goal?.keyPath === undefined
    ? wrong
    : [
        ...wrong,
        problem(
          'key-without-entry-key',
          null,
          'goal.keyPath',
          'The goal compares a property with the entry key, but the entry has none.',
          remedy,
        ),
      ]
}
