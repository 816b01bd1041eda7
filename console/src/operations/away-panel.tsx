import { Stack, Text } from '@mantine/core'
import type { Away } from '../api/away.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { Problems } from './problems.tsx'

export interface AwayPanelProps {
  readonly away: Away
  readonly onRetry: () => void
}

/** Which part is away, since when and what Baton does about it; where that can't be known, what was asked and failed. */
export const AwayPanel = ({ away: { error, readiness }, onRetry }: AwayPanelProps) => {
  const t = useTexts()
  const isNamed = readiness?.problems.some(({ state }) => state === 'failed') ?? false
  return (
    <Stack gap="sm">
      {readiness !== null && isNamed ? <Problems state={readiness.state} problems={readiness.problems} /> : null}
      {isNamed && error.code !== 'internal' ? null : <ErrorPanel error={error} onRetry={onRetry} />}
      <Text c="dimmed">{t('operations.asksAgain')}</Text>
    </Stack>
  )
}
