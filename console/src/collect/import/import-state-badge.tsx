import type { ImportState } from '@baton/contract'
import { useTexts } from '../../texts/use-texts.ts'
import { StateBadge, type Tone } from '../../ui/state-badge.tsx'

const tones: Readonly<Record<ImportState, Tone>> = {
  receiving: 'busy',
  reading: 'busy',
  writing: 'busy',
  done: 'good',
  stopped: 'calm',
  failed: 'bad',
}

export const ImportStateBadge = ({ state }: { readonly state: ImportState }) => {
  const t = useTexts()
  return <StateBadge state={state} tone={tones[state]} label={t(`imports.states.${state}`)} />
}
