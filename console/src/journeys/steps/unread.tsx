import { Text } from '@mantine/core'
import IconQuestionMark from '@tabler/icons-react/dist/esm/icons/IconQuestionMark.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { useEditor } from '../editor-context.ts'
import type { ShownStep, StepFieldsProps } from './step-view.ts'

const UnreadFields = ({ step }: StepFieldsProps<'unread'>) => {
  const t = useTexts()
  const { problems } = useEditor()
  const wrong = problems.filter(({ stepId, field }) => stepId === step.id && field !== null)
  return (
    <>
      <Text size="sm">{t('journeys.form.unread', { kind: step.raw.kind })}</Text>
      {wrong.map(({ field, message }) => (
        <Text key={field} size="xs" c="var(--mantine-color-error)">
          {message}
        </Text>
      ))}
    </>
  )
}

/** A step that can't be read: it can be named, moved over and deleted. Where its ways lead is not known here. */
export const unread: ShownStep<'unread'> = {
  kind: 'unread',
  icon: IconQuestionMark,
  ports: () => [],
  mainPort: null,
  withPort: (step) => step,
  summary: ({ raw }, { t }) => t('journeys.summary.unread', { kind: raw.kind }),
  Fields: UnreadFields,
}
