import { propertyFilter } from '@baton/contract'
import { conditionText, durationText } from '../segments/index.ts'
import type { VersionWords } from '../workspaces/index.ts'

/** How the versions of a journey are told apart: step by step, by the words of the canvas. */
export const journeyWords: VersionWords = {
  labels: {
    entry: 'Who enters',
    start: 'First step',
    steps: 'Steps',
    phase: 'Life-cycle phase',
    purpose: 'Purpose',
    messageDeadlineMs: 'Messages are dropped after',
    exitOnReply: 'A reply ends it',
    goal: 'Goal',
    withinMs: 'Counts within',
    kind: 'Kind',
    title: 'Title',
    event: 'Event',
    where: 'Only where',
    keyPath: 'Key property',
    reentry: 'Again after it ended',
    segmentId: 'Segment',
    on: 'When she',
    forMs: 'Waits for',
    timeoutMs: 'At most',
    next: 'Then',
    onEvent: 'When it came',
    onTimeout: 'When the time is up',
    branches: 'Branches',
    label: 'Name',
    when: 'By who she is',
    otherwise: 'Otherwise',
    templateId: 'Template',
    channel: 'Channel',
    topic: 'Topic',
    reason: 'Reason',
  },
  isWhole: (value) =>
    !isEntry(value) && (propertyFilter.safeParse(value).success || conditionText(value, asItIs) !== null),
  nameOf: (element, index, key) => {
    if (key === 'branches') return `Branch “${textAt(element, 'label') || index + 1}”`
    if (key === 'steps') return `Step “${stepName(element) ?? index + 1}”`
    return `Filter ${index + 1}`
  },
  say: (value, key) => {
    if (typeof value === 'number' && key.endsWith('Ms')) return durationText(value)
    if (value === null) return 'the end'
    if (key === 'steps') return stepName(value)
    return isEntry(value) ? null : conditionText(value, asItIs)
  },
}

/** One by a segment looks like the condition to be in it. */
const isEntry = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'reentry')

const asItIs = (id: string): string => id

const stepName = (step: unknown): string | null => textAt(step, 'title') || textAt(step, 'id') || null

const textAt = (value: unknown, key: string): string => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return ''
  const found: unknown = Reflect.get(value, key)
  return typeof found === 'string' ? found : ''
}
