import IconUser from '@tabler/icons-react/dist/esm/icons/IconUser.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { Word } from '../rule-builder/event-fields.tsx'
import { FilterEditor } from '../rule-builder/filter-editor.tsx'
import { filterSentence } from '../sentence-parts.ts'
import type { ConditionView, FieldsOf } from './condition-view.ts'

const TraitFields = ({ condition, onChange, negated, suggestions }: FieldsOf<'trait'>) => {
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

export const trait: ConditionView<'trait'> = {
  kind: 'trait',
  offer: {
    icon: IconUser,
    lead: 'segments.kindLeads.trait',
    empty: () => ({ kind: 'trait', path: '', is: 'equals', value: '' }),
  },
  sentence: (condition, { t }) => t('segments.sentence.trait', { filter: filterSentence(condition, t) }),
  filters: (condition) => [condition],
  Fields: TraitFields,
}
