import { TextInput } from '@mantine/core'
import IconLogout2 from '@tabler/icons-react/dist/esm/icons/IconLogout2.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { problemAt, useEditor } from '../editor-context.ts'
import type { StepFieldsProps, StepView } from './step-view.ts'

const ExitFields = ({ step, onChange }: StepFieldsProps<'exit'>) => {
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

export const exit: StepView<'exit'> = {
  kind: 'exit',
  icon: IconLogout2,
  empty: (id) => ({ id, kind: 'exit', reason: 'finished' }),
  ports: () => [],
  mainPort: null,
  withPort: (step) => step,
  summary: ({ reason }, { t }) => t('journeys.summary.exit', { reason: t.code('journeys.exits', reason) }),
  Fields: ExitFields,
}
