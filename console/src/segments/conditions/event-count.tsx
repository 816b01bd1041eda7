import IconClick from '@tabler/icons-react/dist/esm/icons/IconClick.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { dayMs } from '../day-ms.ts'
import { EventInput, WindowInput, Word } from '../rule-builder/event-fields.tsx'
import { ThresholdInput } from '../rule-builder/threshold-input.tsx'
import { WhereEditor } from '../rule-builder/where-editor.tsx'
import { around, type SentenceWords } from '../sentence-parts.ts'
import type { ConditionOf, ConditionView, FieldsOf } from './condition-view.ts'

const EventCountFields = ({ condition, onChange, negated, suggestions }: FieldsOf<'event-count'>) => {
  const t = useTexts()
  return (
    <>
      <Word>{t(negated ? 'segments.phrase.didNot' : 'segments.phrase.did')}</Word>
      <EventInput
        value={condition.event}
        onChange={(event) => onChange({ ...condition, event })}
        suggestions={suggestions}
      />
      <ThresholdInput condition={condition} onChange={onChange} whole />
      <Word>{t('segments.phrase.times', { count: condition.value })}</Word>
      <WindowInput value={condition.window} onChange={(window) => onChange({ ...condition, window })} />
      <WhereEditor
        where={condition.where}
        onChange={(where) => onChange({ ...condition, where })}
        properties={suggestions.propertiesOf(condition.event)}
      />
    </>
  )
}

const isOnce = ({ is, value }: ConditionOf<'event-count'>): boolean =>
  (is === 'at-least' && value === 1) || (is === 'greater' && value === 0)

const never = (condition: ConditionOf<'event-count'>, words: SentenceWords): string =>
  words.t('segments.sentence.eventNever', { event: condition.event, ...around(condition, words) })

export const eventCount: ConditionView<'event-count'> = {
  kind: 'event-count',
  offer: {
    icon: IconClick,
    lead: 'segments.kindLeads.event-count',
    empty: () => ({
      kind: 'event-count',
      event: '',
      where: [],
      window: { lastMs: 30 * dayMs },
      is: 'at-least',
      value: 1,
    }),
  },
  sentence: (condition, words) => {
    const { event, is, value } = condition
    if (value === 0 && (is === 'equals' || is === 'at-most')) return never(condition, words)
    const key = isOnce(condition) ? 'segments.sentence.eventCountOnce' : 'segments.sentence.eventCount'
    const threshold = words.t(`segments.thresholds.${is}`)
    return words.t(key, { event, threshold, count: value, ...around(condition, words) })
  },
  negated: (condition, words) => (isOnce(condition) ? never(condition, words) : null),
  filters: ({ where }) => where,
  Fields: EventCountFields,
}
