import { Autocomplete } from '@mantine/core'
import IconSum from '@tabler/icons-react/dist/esm/icons/IconSum.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { dayMs } from '../day-ms.ts'
import { EventInput, WindowInput, Word } from '../rule-builder/event-fields.tsx'
import { ThresholdInput } from '../rule-builder/threshold-input.tsx'
import { WhereEditor } from '../rule-builder/where-editor.tsx'
import { around } from '../sentence-parts.ts'
import type { ConditionView, FieldsOf } from './condition-view.ts'

const EventSumFields = ({ condition, onChange, negated, suggestions }: FieldsOf<'event-sum'>) => {
  const t = useTexts()
  return (
    <>
      <Word>{t(negated ? 'segments.phrase.notSumOf' : 'segments.phrase.sumOf')}</Word>
      <Autocomplete
        aria-label={t('segments.phrase.property')}
        placeholder={t('segments.phrase.propertyPlaceholder')}
        data={[...suggestions.propertiesOf(condition.event)]}
        w={130}
        value={condition.path}
        onChange={(path) => onChange({ ...condition, path })}
      />
      <Word>{t('segments.phrase.over')}</Word>
      <EventInput
        value={condition.event}
        onChange={(event) => onChange({ ...condition, event })}
        suggestions={suggestions}
      />
      <ThresholdInput condition={condition} onChange={onChange} whole={false} />
      <WindowInput value={condition.window} onChange={(window) => onChange({ ...condition, window })} />
      <WhereEditor
        where={condition.where}
        onChange={(where) => onChange({ ...condition, where })}
        properties={suggestions.propertiesOf(condition.event)}
      />
    </>
  )
}

export const eventSum: ConditionView<'event-sum'> = {
  kind: 'event-sum',
  offer: {
    icon: IconSum,
    lead: 'segments.kindLeads.event-sum',
    empty: () => ({
      kind: 'event-sum',
      event: '',
      where: [],
      window: { lastMs: 365 * dayMs },
      path: '',
      is: 'at-least',
      value: 100,
    }),
  },
  sentence: (condition, words) => {
    const { event, path, is, value } = condition
    const threshold = words.t(`segments.thresholds.${is}`)
    return words.t('segments.sentence.eventSum', { event, path, threshold, value, ...around(condition, words) })
  },
  filters: ({ where }) => where,
  Fields: EventSumFields,
}
