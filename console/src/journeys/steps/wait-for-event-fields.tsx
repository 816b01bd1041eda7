import { EventInput } from '../../segments/rule-builder/event-fields.tsx'
import { useEventCatalogue } from '../../segments/use-event-catalogue.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { DurationInput } from '../../ui/duration-input.tsx'
import { problemAt, useEditor } from '../editor-context.ts'
import { FiltersField } from './filters-field.tsx'
import { NextSelect } from './next-select.tsx'
import { PropertyInput } from './property-input.tsx'
import type { StepFieldsProps } from './step-form.tsx'

export const WaitForEventFields = ({ step, onChange }: StepFieldsProps<'wait-for-event'>) => {
  const t = useTexts()
  const editor = useEditor()
  const suggestions = useEventCatalogue()
  const properties = suggestions.propertiesOf(step.event)
  const errorAt = (field: string) => problemAt(editor, step.id, field)
  return (
    <>
      <EventInput
        visibleLabel
        label={t('journeys.form.event')}
        value={step.event}
        onChange={(event) => onChange({ ...step, event }, 'event')}
        suggestions={suggestions}
        error={errorAt('event')}
      />
      <PropertyInput
        label={t('journeys.form.sameKey')}
        description={t('journeys.form.sameKeyHint')}
        placeholder={t('journeys.form.sameKeyNone')}
        suggestions={properties}
        value={step.keyPath}
        onChange={(keyPath) => onChange({ ...step, keyPath }, 'keyPath')}
        error={errorAt('keyPath')}
      />
      <FiltersField
        label={t('journeys.form.entry.where')}
        where={step.where}
        onChange={(where) => onChange({ ...step, where }, 'where')}
        properties={properties}
        error={errorAt('where')}
      />
      <DurationInput
        label={t('journeys.form.timeout')}
        value={step.timeoutMs}
        error={errorAt('timeoutMs')}
        onChange={(timeoutMs) => onChange({ ...step, timeoutMs }, 'timeoutMs')}
      />
      <NextSelect
        label={t('journeys.form.onEvent')}
        stepId={step.id}
        field="onEvent"
        value={step.onEvent}
        onChange={(onEvent) => onChange({ ...step, onEvent }, 'onEvent')}
      />
      <NextSelect
        label={t('journeys.form.onTimeout')}
        stepId={step.id}
        field="onTimeout"
        value={step.onTimeout}
        onChange={(onTimeout) => onChange({ ...step, onTimeout }, 'onTimeout')}
      />
    </>
  )
}
