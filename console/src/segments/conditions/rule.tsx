import { useTexts } from '../../texts/use-texts.ts'
import { Word } from '../rule-builder/event-fields.tsx'
import type { ConditionView, FieldsOf } from './condition-view.ts'

const RuleFields = ({ condition }: FieldsOf<'rule'>) => {
  const t = useTexts()
  return <Word>{t('segments.phrase.ruleKey', { key: condition.ruleKey })}</Word>
}

/** How life-cycle states build on each other. */
export const rule: ConditionView<'rule'> = {
  kind: 'rule',
  offer: null,
  sentence: ({ ruleKey }, { t }) => t('segments.sentence.rule', { key: ruleKey }),
  filters: () => [],
  Fields: RuleFields,
}
