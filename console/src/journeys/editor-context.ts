import type { JourneyProblem, StepCounts } from '@baton/contract'
import { createContext, use } from 'react'
import type { Way } from './edit-steps.ts'
import type { EditableDraft } from './editable-draft.ts'
import type { TryOut } from './try/use-try-out.ts'
import type { StepWords } from './use-step-words.ts'

/** What the side panel shows. */
export type Selection =
  | { readonly kind: 'step'; readonly stepId: string }
  | { readonly kind: 'entry' }
  | { readonly kind: 'add'; readonly way: Way }
  | { readonly kind: 'try' }

export interface Editor {
  readonly journeyId: string
  readonly draft: EditableDraft
  /** `what` names the field, so that typing in one is undone in one. */
  readonly change: (draft: EditableDraft, what?: string) => void
  readonly selection: Selection | null
  readonly select: (selection: Selection | null) => void
  /** By step; empty before the first publish. */
  readonly counts: ReadonlyMap<string, StepCounts>
  readonly problems: readonly JourneyProblem[]
  readonly mayEdit: boolean
  readonly words: StepWords
  readonly name: string
  readonly rename: (name: string) => void
  readonly tryOut: TryOut
  /** By step, the numbers of the steps walked when it was tried out; null while that is not looked at. */
  readonly walked: ReadonlyMap<string, readonly number[]> | null
  /** Published, newest first. */
  readonly versions: readonly number[]
}

export const EditorContext = createContext<Editor | null>(null)

export const useEditor = (): Editor => {
  const editor = use(EditorContext)
  if (editor === null) throw new Error('This is a part of the journey editor and lives only inside it')
  return editor
}

export const isSelected = (selection: Selection | null, stepId: string): boolean =>
  selection?.kind === 'step' && selection.stepId === stepId

/** What is wrong with one field, said under it; a problem of the whole step has no field. */
export const problemAt = (editor: Editor, stepId: string | null, field: string): string | undefined =>
  editor.problems.find(
    (problem) =>
      problem.stepId === stepId && (problem.field === field || problem.field?.startsWith(`${field}.`) === true),
  )?.message
