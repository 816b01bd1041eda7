import { Select } from '@mantine/core'
import IconFilter from '@tabler/icons-react/dist/esm/icons/IconFilter.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { Word } from '../rule-builder/event-fields.tsx'
import type { ConditionView, FieldsOf } from './condition-view.ts'

const SegmentFields = ({ condition, onChange, negated, segments }: FieldsOf<'segment'>) => {
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

export const segment: ConditionView<'segment'> = {
  kind: 'segment',
  offer: {
    icon: IconFilter,
    lead: 'segments.kindLeads.segment',
    empty: () => ({ kind: 'segment', segmentId: '' }),
  },
  sentence: ({ segmentId }, { t, segmentName }) => t('segments.sentence.segment', { name: segmentName(segmentId) }),
  filters: () => [],
  Fields: SegmentFields,
}
