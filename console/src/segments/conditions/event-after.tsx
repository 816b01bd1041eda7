import IconArrowRight from '@tabler/icons-react/dist/esm/icons/IconArrowRight.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { EventInput, WindowInput, Word } from '../rule-builder/event-fields.tsx'
import { around } from '../sentence-parts.ts'
import type { ConditionView, FieldsOf } from './condition-view.ts'

const EventAfterFields = ({ condition, onChange, negated, suggestions }: FieldsOf<'event-after'>) => {
  const t = useTexts()
  return (
    <>
      <Word>{t(negated ? 'segments.phrase.didNot' : 'segments.phrase.did')}</Word>
      <EventInput
        value={condition.event}
        onChange={(event) => onChange({ ...condition, event })}
        suggestions={suggestions}
      />
      <Word>{t('segments.phrase.after')}</Word>
      <EventInput
        value={condition.than}
        onChange={(than) => onChange({ ...condition, than })}
        suggestions={suggestions}
        label={t('segments.phrase.thanEvent')}
      />
      <Word>{t('segments.phrase.orNever')}</Word>
      <WindowInput value={condition.window} onChange={(window) => onChange({ ...condition, window })} />
    </>
  )
}

export const eventAfter: ConditionView<'event-after'> = {
  kind: 'event-after',
  offer: {
    icon: IconArrowRight,
    lead: 'segments.kindLeads.event-after',
    empty: () => ({ kind: 'event-after', event: '', than: '' }),
  },
  sentence: (condition, words) =>
    words.t('segments.sentence.eventAfter', {
      event: condition.event,
      than: condition.than,
      ...around(condition, words),
    }),
  filters: () => [],
  Fields: EventAfterFields,
}
