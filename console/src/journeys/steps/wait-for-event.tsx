import IconClockBolt from '@tabler/icons-react/dist/esm/icons/IconClockBolt.mjs'
import { z } from 'zod'
import { EventInput } from '../../segments/rule-builder/event-fields.tsx'
import { useEventCatalogue } from '../../segments/use-event-catalogue.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { DurationInput } from '../../ui/duration-input.tsx'
import { duration, emptyToNone, filters, keyPath, next, readBy, stepCommon, text } from '../editable-step.ts'
import { problemAt, useEditor } from '../editor-context.ts'
import { FiltersField } from './filters-field.tsx'
import { NextSelect } from './next-select.tsx'
import { PropertyInput } from './property-input.tsx'
import type { StepFieldsProps, StepView } from './step-view.ts'

const WaitForEventFields = ({ step, onChange }: StepFieldsProps<'wait-for-event'>) => {
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

export const waitForEvent: StepView<'wait-for-event'> = {
  kind: 'wait-for-event',
  icon: IconClockBolt,
  empty: (id, entryKey) => ({
    id,
    kind: 'wait-for-event',
    event: '',
    ...(entryKey === undefined ? {} : { keyPath: entryKey }),
    where: [],
    timeoutMs: 3_600_000,
    onEvent: null,
    onTimeout: null,
  }),
  read: readBy(
    z.looseObject({
      ...stepCommon,
      kind: z.literal('wait-for-event'),
      event: text,
      keyPath,
      where: filters,
      timeoutMs: duration(3_600_000),
      onEvent: next,
      onTimeout: next,
    }),
  ),
  write: (step) => ({ ...step, keyPath: emptyToNone(step.keyPath) }),
  ports: ({ onEvent, onTimeout }) => [
    { port: 'onEvent', next: onEvent, label: null },
    { port: 'onTimeout', next: onTimeout, label: null },
  ],
  // No order came: the journey goes on.
  mainPort: 'onTimeout',
  withPort: (step, port, next) => (port === 'onEvent' ? { ...step, onEvent: next } : { ...step, onTimeout: next }),
  summary: ({ event, keyPath, timeoutMs }, { t, duration }) => {
    if (event === '') return t('journeys.summary.noEvent')
    const said = { event, duration: duration(timeoutMs) }
    return keyPath === undefined || keyPath === ''
      ? t('journeys.summary.waitFor', said)
      : t('journeys.summary.waitForKey', { ...said, key: keyPath })
  },
  isWanting: ({ event }) => event === '',
  listensFor: ({ event }) => event,
  Fields: WaitForEventFields,
}
