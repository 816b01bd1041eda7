import IconClock from '@tabler/icons-react/dist/esm/icons/IconClock.mjs'
import { z } from 'zod'
import { useTexts } from '../../texts/use-texts.ts'
import { DurationInput } from '../../ui/duration-input.tsx'
import { duration, next, readBy, stepCommon } from '../editable-step.ts'
import { problemAt, useEditor } from '../editor-context.ts'
import { NextSelect } from './next-select.tsx'
import type { StepFieldsProps, StepView } from './step-view.ts'

const DelayFields = ({ step, onChange }: StepFieldsProps<'delay'>) => {
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

export const delay: StepView<'delay'> = {
  kind: 'delay',
  icon: IconClock,
  empty: (id) => ({ id, kind: 'delay', forMs: 24 * 3_600_000, next: null }),
  read: readBy(z.looseObject({ ...stepCommon, kind: z.literal('delay'), forMs: duration(), next })),
  ports: ({ next }) => [{ port: 'next', next, label: null }],
  mainPort: 'next',
  withPort: (step, _port, next) => ({ ...step, next }),
  summary: ({ forMs }, { t, duration }) => t('journeys.summary.delay', { duration: duration(forMs) }),
  Fields: DelayFields,
}
