import { TextInput } from '@mantine/core'
import IconLogout2 from '@tabler/icons-react/dist/esm/icons/IconLogout2.mjs'
import { z } from 'zod'
import { useTexts } from '../../texts/use-texts.ts'
import { readBy, stepCommon } from '../editable-step.ts'
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
  read: readBy(z.looseObject({ ...stepCommon, kind: z.literal('exit'), reason: z.string().default('finished') })),
  ports: () => [],
  mainPort: null,
  withPort: (step) => step,
  summary: ({ reason }, { t }) => t('journeys.summary.exit', { reason: t.code('journeys.exits', reason) }),
  Fields: ExitFields,
}
