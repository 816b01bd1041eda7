import type { JourneyEntry } from '@baton/contract'
import { useMemo } from 'react'
import { useSegmentChoices } from '../segments/use-segment-names.ts'
import { useTexts } from '../texts/use-texts.ts'
import { useDurationText } from '../ui/duration-input.tsx'
import type { Port } from './edit-steps.ts'
import type { EditableStep } from './editable-step.ts'
import { viewOf } from './steps/list.ts'
import { useTemplateChoices } from './use-template-choices.ts'

export interface StepWords {
  /** What stands on the box: its own title, else its kind. */
  readonly titleOf: (step: EditableStep) => string
  /** One line of what it does. */
  readonly summaryOf: (step: EditableStep) => string
  readonly entryOf: (entry: JourneyEntry) => string
  readonly portLabel: (port: Pick<Port, 'port' | 'label'>) => string
}

export const useStepWords = (): StepWords => {
  const t = useTexts()
  const duration = useDurationText()
  const templates = useTemplateChoices()
  const segments = useSegmentChoices()
  return useMemo(() => {
    const templateName = (id: string) => templates.find(({ templateId }) => templateId === id)?.name
    const segmentName = (id: string) => segments.find(({ segmentId }) => segmentId === id)?.name
    return {
      titleOf: (step) =>
        step.title === undefined || step.title === '' ? t(`journeys.kinds.${step.kind}`) : step.title,
      summaryOf: (step) => viewOf(step.kind).summary(step, { t, duration, templateName }),
      entryOf: (entry) => {
        if (entry.kind === 'segment') {
          const segment = segmentName(entry.segmentId)
          if (segment === undefined) return t('journeys.summary.noSegment')
          return t(entry.on === 'enter' ? 'journeys.summary.entryEnter' : 'journeys.summary.entryLeave', { segment })
        }
        if (entry.event === '') return t('journeys.summary.noEntry')
        return entry.keyPath === undefined || entry.keyPath === ''
          ? t('journeys.summary.entryEvent', { event: entry.event })
          : t('journeys.summary.entryEventKey', { event: entry.event, key: entry.keyPath })
      },
      portLabel: ({ port, label }) => {
        if (label !== null && label !== '') return label
        if (port.startsWith('branches.')) return t('journeys.ports.branch', { number: Number(port.slice(9)) + 1 })
        return t.code('journeys.ports', port)
      },
    }
  }, [t, duration, templates, segments])
}
