import { Select } from '@mantine/core'
import { useTexts } from '../../texts/use-texts.ts'
import { problemAt, useEditor } from '../editor-context.ts'

interface NextSelectProps {
  readonly label: string
  readonly stepId: string
  readonly field: string
  readonly value: string | null
  readonly onChange: (next: string | null) => void
}

/** Where a way leads: any step, also one before (a loop), or the end. */
export const NextSelect = ({ label, stepId, field, value, onChange }: NextSelectProps) => {
  const t = useTexts()
  const editor = useEditor()
  return (
    <Select
      label={label}
      placeholder={t('journeys.step.endHere')}
      data={editor.draft.steps.map((step) => ({ value: step.id, label: editor.words.titleOf(step) }))}
      clearable
      value={value}
      onChange={onChange}
      error={problemAt(editor, stepId, field)}
    />
  )
}
