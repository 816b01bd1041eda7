import { useTexts } from '../texts/use-texts.ts'
import type { EditableStep } from './editable-step.ts'
import { isSelected, useEditor } from './editor-context.ts'
import { StepCard } from './step-card.tsx'
import { viewOf } from './steps/list.ts'

export const boxIdOf = (stepId: string): string => `box-${stepId}`
export const entryBoxId = 'box-(entry)'

/** The card of a step, wired to the editor. */
export const OpenStepCard = ({ step }: { readonly step: EditableStep }) => {
  const editor = useEditor()
  return (
    <StepCard
      kind={step.kind}
      title={editor.words.titleOf(step)}
      summary={editor.words.summaryOf(step)}
      isWanting={viewOf(step.kind).isWanting?.(step) === true}
      isSelected={isSelected(editor.selection, step.id)}
      hasProblem={editor.problems.some(({ stepId }) => stepId === step.id)}
      onOpen={() => editor.select({ kind: 'step', stepId: step.id })}
      counts={editor.counts.get(step.id)}
      journeyId={editor.journeyId}
      boxId={boxIdOf(step.id)}
      walked={editor.walked?.get(step.id)}
    />
  )
}

export const EntryCard = () => {
  const t = useTexts()
  const editor = useEditor()
  const { entry } = editor.draft
  return (
    <StepCard
      kind="entry"
      title={t('journeys.kinds.entry')}
      summary={editor.words.entryOf(entry)}
      isWanting={entry.kind === 'event' ? entry.event === '' : entry.segmentId === ''}
      isSelected={editor.selection?.kind === 'entry'}
      hasProblem={editor.problems.some(
        ({ stepId, field }) => stepId === null && field !== 'steps' && field !== 'start',
      )}
      onOpen={() => editor.select({ kind: 'entry' })}
      journeyId={editor.journeyId}
      boxId={entryBoxId}
    />
  )
}
