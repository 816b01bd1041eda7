import { type Port, portsOf, stepOf, type Way } from './edit-steps.ts'
import type { EditableDraft } from './editable-draft.ts'
import type { EditableStep } from './editable-step.ts'

/** The journey read from its start, every step once: for the list view, the keyboard and the screen reader. */
export type OutlineItem =
  | {
      readonly kind: 'step'
      readonly step: EditableStep
      readonly number: number
      readonly ways: readonly OutlineWay[]
    }
  /** The way joins one that was told before. */
  | { readonly kind: 'joins'; readonly stepId: string; readonly number: number }
  | { readonly kind: 'end'; readonly way: Way }

export interface OutlineWay {
  readonly port: Port
  readonly items: readonly OutlineItem[]
}

export interface Outline {
  readonly items: readonly OutlineItem[]
  /** Steps that nobody can come to. */
  readonly unreached: readonly EditableStep[]
}

export const outlineOf = (draft: EditableDraft): Outline => {
  const numbers = new Map<string, number>()
  /** A step with one way goes on in the same list; one with several opens a list for each. */
  const follow = (id: string | null, way: Way): readonly OutlineItem[] => {
    const step = stepOf(draft, id)
    if (step === undefined) return [{ kind: 'end', way }]
    const known = numbers.get(step.id)
    if (known !== undefined) return [{ kind: 'joins', stepId: step.id, number: known }]
    const number = numbers.size + 1
    numbers.set(step.id, number)
    const ports = portsOf(step)
    const [only, second] = ports
    if (only === undefined) return [{ kind: 'step', step, number, ways: [] }]
    if (second === undefined)
      return [{ kind: 'step', step, number, ways: [] }, ...follow(only.next, { from: step.id, port: only.port })]
    const ways = ports.map((port) => ({ port, items: follow(port.next, { from: step.id, port: port.port }) }))
    return [{ kind: 'step', step, number, ways }]
  }
  const items = follow(draft.start, { from: null, port: 'start' })
  return { items, unreached: draft.steps.filter(({ id }) => !numbers.has(id)) }
}
