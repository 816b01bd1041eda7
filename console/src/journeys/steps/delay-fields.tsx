import { useTexts } from '../../texts/use-texts.ts'
import { DurationInput } from '../../ui/duration-input.tsx'
import { problemAt, useEditor } from '../editor-context.ts'
import { NextSelect } from './next-select.tsx'
import type { StepFieldsProps } from './step-form.tsx'

export const DelayFields = ({ step, onChange }: StepFieldsProps<'delay'>) => {
  const t = useTexts()
  const editor = useEditor()
  return (
    <>
      <DurationInput
        label={t('journeys.form.delayFor')}
        value={step.forMs}
        min={0}
        error={problemAt(editor, step.id, 'forMs')}
        onChange={(forMs) => onChange({ ...step, forMs }, 'forMs')}
      />
      <NextSelect
        label={t('journeys.step.goesOn')}
        stepId={step.id}
        field="next"
        value={step.next}
        onChange={(next) => onChange({ ...step, next }, 'next')}
      />
    </>
  )
}
