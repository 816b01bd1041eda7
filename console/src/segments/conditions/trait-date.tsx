import { Autocomplete, NativeSelect } from '@mantine/core'
import IconCalendar from '@tabler/icons-react/dist/esm/icons/IconCalendar.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { DurationInput } from '../../ui/duration-input.tsx'
import { dayMs } from '../day-ms.ts'
import { Word } from '../rule-builder/event-fields.tsx'
import type { ConditionView, FieldsOf } from './condition-view.ts'

type Shift = 'none' | 'after' | 'before'
const shiftOf = (plusMs: number): Shift => (plusMs === 0 ? 'none' : plusMs > 0 ? 'after' : 'before')

const TraitDateFields = ({ condition, onChange, negated, suggestions }: FieldsOf<'trait-date'>) => {
  const t = useTexts()
  const shift = shiftOf(condition.plusMs)
  const shiftTo = (next: string) => {
    const length = Math.abs(condition.plusMs) || 7 * dayMs
    onChange({ ...condition, plusMs: next === 'none' ? 0 : next === 'after' ? length : -length })
  }
  return (
    <>
      <Word>{t(negated ? 'segments.phrase.notTraitDate' : 'segments.phrase.traitDate')}</Word>
      <Autocomplete
        aria-label={t('segments.phrase.traitName')}
        placeholder={t('segments.phrase.traitPlaceholder')}
        data={[...suggestions.traits]}
        w={170}
        value={condition.path}
        onChange={(path) => onChange({ ...condition, path })}
      />
      {shift === 'none' ? null : (
        <DurationInput
          label={t('segments.phrase.shiftedBy')}
          hideLabel
          value={Math.abs(condition.plusMs)}
          onChange={(ms) => onChange({ ...condition, plusMs: shift === 'after' ? ms : -ms })}
        />
      )}
      <NativeSelect
        aria-label={t('segments.phrase.shift')}
        value={shift}
        data={[
          { value: 'none', label: t('segments.phrase.onTheDay') },
          { value: 'after', label: t('segments.phrase.daysAfter') },
          { value: 'before', label: t('segments.phrase.daysBefore') },
        ]}
        onChange={(event) => shiftTo(event.currentTarget.value)}
      />
      <NativeSelect
        aria-label={t('segments.phrase.comparison')}
        value={condition.is}
        data={[
          { value: 'past', label: t('segments.phrase.isPast') },
          { value: 'future', label: t('segments.phrase.isFuture') },
        ]}
        onChange={(event) => onChange({ ...condition, is: event.currentTarget.value === 'past' ? 'past' : 'future' })}
      />
    </>
  )
}

export const traitDate: ConditionView<'trait-date'> = {
  kind: 'trait-date',
  offer: {
    icon: IconCalendar,
    lead: 'segments.kindLeads.trait-date',
    empty: () => ({ kind: 'trait-date', path: '', plusMs: 0, is: 'past' }),
  },
  sentence: ({ path, plusMs, is }, { t, durationText }) => {
    const duration = durationText(Math.abs(plusMs))
    const moved = plusMs > 0 ? 'segments.sentence.shiftAfter' : 'segments.sentence.shiftBefore'
    const shift = plusMs === 0 ? '' : t(moved, { duration })
    return t(is === 'past' ? 'segments.sentence.traitPast' : 'segments.sentence.traitFuture', { path, shift })
  },
  filters: () => [],
  Fields: TraitDateFields,
}
