import { Group, SegmentedControl, TextInput } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'
import type { Period } from './use-period.ts'

export const PeriodChooser = ({ period }: { readonly period: Period }) => {
  const t = useTexts()
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        type="date"
        label={t('equity.period.from')}
        value={period.firstDay}
        max={period.lastDay}
        onChange={(event) => period.set({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t('equity.period.to')}
        value={period.lastDay}
        min={period.firstDay}
        onChange={(event) => period.set({ to: event.currentTarget.value })}
      />
      <SegmentedControl
        size="xs"
        aria-label={t('equity.period.label')}
        value={String(period.lastDays ?? '')}
        onChange={(days) => period.setLast(Number(days))}
        data={(['30', '90', '365'] as const).map((days) => ({
          value: days,
          label: t(`equity.period.presets.${days}`),
        }))}
      />
    </Group>
  )
}
