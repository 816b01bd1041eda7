import type { LeafCondition } from '@baton/contract'
import { NativeSelect, NumberInput } from '@mantine/core'
import { useTexts } from '../../texts/use-texts.ts'

const thresholds = ['at-least', 'at-most', 'equals', 'greater', 'less'] as const

export const ThresholdInput = <Condition extends Extract<LeafCondition, { kind: 'event-count' | 'event-sum' }>>({
  condition,
  onChange,
  whole,
}: {
  readonly condition: Condition
  readonly onChange: (condition: Condition) => void
  readonly whole: boolean
}) => {
  const t = useTexts()
  return (
    <>
      <NativeSelect
        aria-label={t('segments.phrase.howOften')}
        value={condition.is}
        data={thresholds.map((is) => ({ value: is, label: t(`segments.thresholds.${is}`) }))}
        onChange={(event) => {
          const is = thresholds.find((each) => each === event.currentTarget.value)
          if (is !== undefined) onChange({ ...condition, is })
        }}
      />
      <NumberInput
        aria-label={t(whole ? 'segments.phrase.count' : 'segments.phrase.value')}
        value={condition.value}
        w={whole ? 64 : 96}
        hideControls
        allowDecimal={!whole}
        allowNegative={!whole}
        min={whole ? 0 : Number.MIN_SAFE_INTEGER}
        onChange={(value) => {
          if (typeof value === 'number') onChange({ ...condition, value })
        }}
      />
    </>
  )
}
