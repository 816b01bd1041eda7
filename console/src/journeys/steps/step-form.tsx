import type { JourneyStep } from '@baton/contract'
import { Stack, TextInput } from '@mantine/core'
import { useTexts } from '../../texts/use-texts.ts'
import { replaceStep } from '../edit-steps.ts'
import { useEditor } from '../editor-context.ts'
import { BranchFields } from './branch-fields.tsx'
import { DelayFields } from './delay-fields.tsx'
import { ExitFields } from './exit-fields.tsx'
import { MessageFields } from './message-fields.tsx'
import { WaitForEventFields } from './wait-for-event-fields.tsx'

export interface StepFieldsProps<Kind extends JourneyStep['kind']> {
  readonly step: Extract<JourneyStep, { kind: Kind }>
  /** `field` names what was changed, for undo. */
  readonly onChange: (step: JourneyStep, field: string) => void
}

/** The form of a step: its title, and what its kind needs. */
export const StepForm = ({ step }: { readonly step: JourneyStep }) => {
  const t = useTexts()
  const editor = useEditor()
  const change = (next: JourneyStep, field: string) =>
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

const Fields = ({ step, onChange }: StepFieldsProps<JourneyStep['kind']>) => {
  switch (step.kind) {
    case 'delay':
      return <DelayFields step={step} onChange={onChange} />
    case 'wait-for-event':
      return <WaitForEventFields step={step} onChange={onChange} />
    case 'branch':
      return <BranchFields step={step} onChange={onChange} />
    case 'message':
      return <MessageFields step={step} onChange={onChange} />
    case 'exit':
      return <ExitFields step={step} onChange={onChange} />
  }
}
