import { TextInput } from '@mantine/core'
import { useTexts } from '../../texts/use-texts.ts'
import { problemAt, useEditor } from '../editor-context.ts'
import type { StepFieldsProps } from './step-form.tsx'

export const ExitFields = ({ step, onChange }: StepFieldsProps<'exit'>) => {
  const t = useTexts()
  const editor = useEditor()
  return (
    <TextInput
      label={t('journeys.form.reason')}
      description={t('journeys.form.reasonHint')}
      maxLength={80}
      value={step.reason}
      error={problemAt(editor, step.id, 'reason')}
      onChange={(event) => onChange({ ...step, reason: event.currentTarget.value }, 'reason')}
    />
  )
}
