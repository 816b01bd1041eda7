import type { JourneyStepKind } from '@baton/contract'
import type { Icon } from '@tabler/icons-react'
import IconLogin2 from '@tabler/icons-react/dist/esm/icons/IconLogin2.mjs'
import { viewOf } from './steps/list.ts'

/** A box of the canvas: a step, or the way in. */
export type BoxKind = JourneyStepKind | 'entry'

export const iconOf = (kind: BoxKind): Icon => (kind === 'entry' ? IconLogin2 : viewOf(kind).icon)
