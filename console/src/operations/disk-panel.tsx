import type { DiskState } from '@baton/contract'
import { Progress, Text } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'
import { formatCount } from '../ui/numbers.ts'
import { Panel } from '../ui/panel.tsx'
import { sayGigabytes } from './durations.ts'

/** Message ids are remembered for 35 days at the least; only a horizon near that is worth a figure. */
const wellBeyondDays = 365

export const DiskPanel = ({ disk }: { readonly disk: DiskState }) => {
  const t = useTexts()
  const used = 100 - (disk.freeBytes / disk.totalBytes) * 100
  return (
    <Panel title={t('operations.disk.title')}>
      <Progress value={used} color={used > 90 ? 'red' : 'baton'} size="md" aria-label={t('operations.disk.label')} />
      <Text mt={8}>
        {t('operations.disk.free', { free: sayGigabytes(disk.freeBytes), total: sayGigabytes(disk.totalBytes) })}
      </Text>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {disk.folder}
      </Text>
      <Text size="xs" c="dimmed" mt={4}>
        <Horizon days={disk.dedupHorizonDays} />
      </Text>
    </Panel>
  )
}

const Horizon = ({ days }: { readonly days: number | null }) => {
  const t = useTexts()
  if (days === null) return t('operations.disk.noRate')
  if (days > wellBeyondDays) return t('operations.disk.horizonLong')
  return t('operations.disk.horizon', { count: Math.floor(days), days: formatCount(Math.floor(days)) })
}
