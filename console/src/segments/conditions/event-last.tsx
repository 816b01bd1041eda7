import IconHistory from '@tabler/icons-react/dist/esm/icons/IconHistory.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { EventInput, WindowInput, Word } from '../rule-builder/event-fields.tsx'
import { FilterEditor } from '../rule-builder/filter-editor.tsx'
import { WhereEditor } from '../rule-builder/where-editor.tsx'
import { around, filterSentence } from '../sentence-parts.ts'
import type { ConditionView, FieldsOf } from './condition-view.ts'

const EventLastFields = ({ condition, onChange, negated, suggestions }: FieldsOf<'event-last'>) => {
  const t = useTexts()
  const properties = suggestions.propertiesOf(condition.event)
  return (
    <>
      <Word>{t(negated ? 'segments.phrase.notLast' : 'segments.phrase.last')}</Word>
      <EventInput
        value={condition.event}
        onChange={(event) => onChange({ ...condition, event })}
        suggestions={suggestions}
      />
      <Word>{t('segments.phrase.has')}</Word>
      <FilterEditor
        filter={condition.filter}
        onChange={(filter) => onChange({ ...condition, filter })}
        suggestions={properties}
        label={t('segments.phrase.property')}
        placeholder={t('segments.phrase.propertyPlaceholder')}
      />
      <WindowInput value={condition.window} onChange={(window) => onChange({ ...condition, window })} />
      <WhereEditor
        where={condition.where}
        onChange={(where) => onChange({ ...condition, where })}
        properties={properties}
      />
    </>
  )
}

export const eventLast: ConditionView<'event-last'> = {
  kind: 'event-last',
  offer: {
    icon: IconHistory,
    lead: 'segments.kindLeads.event-last',
    empty: () => ({ kind: 'event-last', event: '', where: [], filter: { path: '', is: 'equals', value: '' } }),
  },
  sentence: (condition, words) => {
    const filter = filterSentence(condition.filter, words.t)
    return words.t('segments.sentence.eventLast', { event: condition.event, filter, ...around(condition, words) })
  },
  filters: ({ where, filter }) => [...where, filter],
  Fields: EventLastFields,
}
