import type { Icon } from '@tabler/icons-react'
import IconLogin2 from '@tabler/icons-react/dist/esm/icons/IconLogin2.mjs'
import type { EditableStepKind } from './editable-step.ts'
import { viewOf } from './steps/list.ts'

/** A box of the canvas: a step, or the way in. */
export type BoxKind = EditableStepKind | 'entry'

export const iconOf = (kind: BoxKind): Icon => (kind === 'entry' ? IconLogin2 : viewOf(kind).icon)
