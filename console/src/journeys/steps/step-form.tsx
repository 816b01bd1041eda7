import { Stack, TextInput } from '@mantine/core'
import { useTexts } from '../../texts/use-texts.ts'
import { replaceStep } from '../edit-steps.ts'
import type { EditableStep } from '../editable-step.ts'
import { useEditor } from '../editor-context.ts'
import { viewOf } from './list.ts'

/** The form of a step: its title, and what its kind needs. */
export const StepForm = ({ step }: { readonly step: EditableStep }) => {
  const t = useTexts()
  const editor = useEditor()
  const { Fields } = viewOf(step.kind)
  const change = (next: EditableStep, field: string) =>
    editor.change(replaceStep(editor.draft, next), `${step.id} ${field}`)
  return (
    <Stack gap="sm">
      <TextInput
        label={t('journeys.step.title')}
        placeholder={t(`journeys.kinds.${step.kind}`)}
        maxLength={80}
        value={step.title ?? ''}
        onChange={(event) => change({ ...step, title: event.currentTarget.value }, 'title')}
      />
      <Fields step={step} onChange={change} />
    </Stack>
  )
}
