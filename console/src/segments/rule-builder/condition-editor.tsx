import type { LeafCondition } from '@baton/contract'
import { Autocomplete, NativeSelect, NumberInput, Select } from '@mantine/core'
import { useTexts } from '../../texts/use-texts.ts'
import { DurationInput } from '../../ui/duration-input.tsx'
import { dayMs } from '../new-condition.ts'
import type { Suggestions } from '../use-event-catalogue.ts'
import { EventInput, WindowInput, Word } from './event-fields.tsx'
import { FilterEditor } from './filter-editor.tsx'
import { WhereEditor } from './where-editor.tsx'

export interface ConditionEditorProps<Condition extends LeafCondition = LeafCondition> {
  readonly condition: Condition
  readonly onChange: (condition: LeafCondition) => void
  readonly negated: boolean
  readonly suggestions: Suggestions
  readonly segments: readonly { readonly segmentId: string; readonly name: string }[]
}

type Of<Kind extends LeafCondition['kind']> = ConditionEditorProps<Extract<LeafCondition, { kind: Kind }>>

/** The inputs of one condition, read from left to right as a sentence. */
export const ConditionEditor = (props: ConditionEditorProps) => {
  const { condition } = props
  switch (condition.kind) {
    case 'trait':
      return <TraitFields {...props} condition={condition} />
    case 'trait-date':
      return <TraitDateFields {...props} condition={condition} />
    case 'event-count':
      return <EventCountFields {...props} condition={condition} />
    case 'event-sum':
      return <EventSumFields {...props} condition={condition} />
    case 'event-last':
      return <EventLastFields {...props} condition={condition} />
    case 'event-after':
      return <EventAfterFields {...props} condition={condition} />
    case 'segment':
      return <SegmentFields {...props} condition={condition} />
    case 'rule':
      return <RuleWord ruleKey={condition.ruleKey} />
  }
}

const RuleWord = ({ ruleKey }: { readonly ruleKey: string }) => {
  const t = useTexts()
  return <Word>{t('segments.phrase.ruleKey', { key: ruleKey })}</Word>
}

const TraitFields = ({ condition, onChange, negated, suggestions }: Of<'trait'>) => {
  const t = useTexts()
  return (
    <>
      <Word>{t(negated ? 'segments.phrase.notTrait' : 'segments.phrase.trait')}</Word>
      <FilterEditor
        filter={condition}
        onChange={onChange}
        suggestions={suggestions.traits}
        label={t('segments.phrase.traitName')}
        placeholder={t('segments.phrase.traitPlaceholder')}
      />
    </>
  )
}

type Shift = 'none' | 'after' | 'before'
const shiftOf = (plusMs: number): Shift => (plusMs === 0 ? 'none' : plusMs > 0 ? 'after' : 'before')

const TraitDateFields = ({ condition, onChange, negated, suggestions }: Of<'trait-date'>) => {
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

const thresholds = ['at-least', 'at-most', 'equals', 'greater', 'less'] as const

const ThresholdInput = <Condition extends Extract<LeafCondition, { kind: 'event-count' | 'event-sum' }>>({
  condition,
  onChange,
  whole,
}: {
  readonly condition: Condition
  readonly onChange: (condition: Condition) => void
  readonly whole: boolean
}) => {
  const t = useTexts()
  return (
    <>
      <NativeSelect
        aria-label={t('segments.phrase.howOften')}
        value={condition.is}
        data={thresholds.map((is) => ({ value: is, label: t(`segments.thresholds.${is}`) }))}
        onChange={(event) => {
          const is = thresholds.find((each) => each === event.currentTarget.value)
          if (is !== undefined) onChange({ ...condition, is })
        }}
      />
      <NumberInput
        aria-label={t(whole ? 'segments.phrase.count' : 'segments.phrase.value')}
        value={condition.value}
        w={whole ? 64 : 96}
        hideControls
        allowDecimal={!whole}
        allowNegative={!whole}
        min={whole ? 0 : Number.MIN_SAFE_INTEGER}
        onChange={(value) => {
          if (typeof value === 'number') onChange({ ...condition, value })
        }}
      />
    </>
  )
}

const EventCountFields = ({ condition, onChange, negated, suggestions }: Of<'event-count'>) => {
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

const EventSumFields = ({ condition, onChange, negated, suggestions }: Of<'event-sum'>) => {
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

const EventLastFields = ({ condition, onChange, negated, suggestions }: Of<'event-last'>) => {
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

const EventAfterFields = ({ condition, onChange, negated, suggestions }: Of<'event-after'>) => {
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

const SegmentFields = ({ condition, onChange, negated, segments }: Of<'segment'>) => {
  const t = useTexts()
  return (
    <>
      <Word>{t(negated ? 'segments.phrase.notInSegment' : 'segments.phrase.inSegment')}</Word>
      <Select
        aria-label={t('segments.phrase.segment')}
        placeholder={t('segments.phrase.segmentPlaceholder')}
        data={segments.map(({ segmentId, name }) => ({ value: segmentId, label: name }))}
        searchable
        w={260}
        value={condition.segmentId === '' ? null : condition.segmentId}
        onChange={(segmentId) => onChange({ ...condition, segmentId: segmentId ?? '' })}
      />
    </>
  )
}
