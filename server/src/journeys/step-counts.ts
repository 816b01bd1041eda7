import type { JourneyCounts, JourneyStep } from '@baton/contract'
import type { JourneyId } from '../kernel/index.ts'
import type { TallyRow } from './journey-store.ts'
import type { StepMessageCounts } from './ports.ts'

const noMessages = { sent: 0, delivered: 0, opened: 0, clicked: 0, dropped: 0 }

/** The counts of a journey, and of each step: those of the version shown, and those of earlier ones that had people. */
export const countsOf = (
  journeyId: JourneyId,
  steps: readonly JourneyStep[],
  tallies: readonly TallyRow[],
  messages: readonly StepMessageCounts[],
  /** Null: no goal is set. */
  conversions: readonly { readonly stepId: string; readonly converted: number }[] | null,
): JourneyCounts => {
  const amounts = new Map(tallies.map(({ measure, item, amount }) => [`${measure} ${item}`, amount]))
  const kinds = new Map(steps.map(({ id, kind }) => [id, String(kind)]))
  for (const { measure, item } of tallies)
    if (measure === 'step-entered' && !kinds.has(item)) kinds.set(item, 'removed')
  const sent = new Map(messages.map((each) => [each.stepId, each]))
  const amountOf = (measure: TallyRow['measure'], item: string) => amounts.get(`${measure} ${item}`) ?? 0
  const sumOf = (measure: TallyRow['measure']) =>
    tallies.filter((each) => each.measure === measure).reduce((sum, each) => sum + each.amount, 0)
  const entered = sumOf('entered')
  const finished = sumOf('finished')
  const waiting = sumOf('step-entered') - sumOf('step-left')
  const exited = tallies
    .filter(({ measure }) => measure === 'exited')
    .map(({ item, amount }) => ({ reason: item, people: amount }))
  return {
    journeyId,
    entered,
    // Counted by where they are, not as the remainder: so the balance says something.
    active: waiting,
    finished,
    exited: exited.toSorted((left, right) => right.people - left.people),
    balanced: entered === waiting + finished + sumOf('exited'),
    steps: [...kinds].map(([stepId, kind]) => {
      const { sent: handedOver, delivered, opened, clicked, dropped } = sent.get(stepId) ?? noMessages
      return {
        stepId,
        kind,
        entered: amountOf('step-entered', stepId),
        waiting: amountOf('step-entered', stepId) - amountOf('step-left', stepId),
        left: amountOf('step-left', stepId),
        sent: handedOver,
        delivered,
        opened,
        clicked,
        dropped,
        converted: conversions === null ? null : (conversions.find((each) => each.stepId === stepId)?.converted ?? 0),
      }
    }),
  }
}
