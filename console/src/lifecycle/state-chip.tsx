import type { PhaseKey } from '@baton/contract'
import { Badge, type BadgeProps } from '@mantine/core'
import type { KnownState } from './use-life-cycle.ts'

const colours: Readonly<Record<PhaseKey, string>> = {
  contact: 'gray',
  consideration: 'blue',
  purchase: 'cyan',
  'post-purchase': 'teal',
  loyalty: 'baton',
}

export interface StateChipProps extends BadgeProps {
  readonly state: KnownState
}

/** A life-cycle state in the colour of its phase; what lies outside the phases is orange. */
export const StateChip = ({ state, ...badge }: StateChipProps) => (
  <Badge color={state.phase === null ? 'orange' : colours[state.phase]} {...badge}>
    {state.title}
  </Badge>
)
