import type { PartState } from '@baton/contract'
import { useTexts } from '../texts/use-texts.ts'
import { StateBadge, type StateBadgeProps, type Tone } from '../ui/state-badge.tsx'

const tones: Readonly<Record<PartState, Tone>> = { ok: 'good', starting: 'busy', late: 'wait', failed: 'bad' }

export const PartBadge = ({
  state,
  ...badge
}: Omit<StateBadgeProps, 'state' | 'tone'> & { readonly state: PartState }) => {
  const t = useTexts()
  return <StateBadge state={state} tone={tones[state]} label={t(`operations.states.${state}`)} {...badge} />
}
