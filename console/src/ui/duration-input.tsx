import { Group, Input, NativeSelect, NumberInput } from '@mantine/core'
import { useId, useState } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { type DurationUnit, durationUnits, splitDuration, unitMs } from './duration.ts'

export interface DurationInputProps {
  readonly label: string
  readonly value: number
  readonly onChange: (ms: number) => void
  readonly min?: number
  /** The label is only for screen readers. */
  readonly hideLabel?: boolean
  readonly description?: string
  readonly error?: string | undefined
  readonly disabled?: boolean
}

/** A length of time as a number and a unit. */
export const DurationInput = (props: DurationInputProps) => {
  const t = useTexts()
  const split = splitDuration(props.value)
  // The unit somebody chose stays while the number is typed: 24 hours do not turn into 1 day under the cursor.
  const [chosen, setChosen] = useState<DurationUnit | null>(null)
  const unit = chosen !== null && props.value % unitMs(chosen) === 0 ? chosen : split.unit
  const count = props.value / unitMs(unit)
  const id = useId()
  const fields = (
    <Group gap={6} wrap="nowrap">
      <NumberInput
        {...(props.hideLabel === true ? { 'aria-label': props.label } : { id })}
        error={props.error !== undefined}
        disabled={props.disabled === true}
        value={count}
        min={props.min ?? 1}
        max={10_000}
        allowDecimal={false}
        w={props.hideLabel === true ? 72 : 96}
        hideControls
        onChange={(next) => {
          setChosen(unit)
          if (typeof next === 'number') props.onChange(next * unitMs(unit))
        }}
      />
      <NativeSelect
        aria-label={t('ui.duration.unitOf', { what: props.label })}
        disabled={props.disabled === true}
        value={unit}
        data={durationUnits.map(([name]) => ({ value: name, label: t(`ui.duration.${name}`, { count }) }))}
        onChange={(event) => {
          const next = durationUnits.find(([name]) => name === event.currentTarget.value)?.[0] ?? 'hour'
          setChosen(next)
          props.onChange(count * unitMs(next))
        }}
      />
    </Group>
  )
  if (props.hideLabel === true) return fields
  return (
    <Input.Wrapper label={props.label} labelProps={{ htmlFor: id }} description={props.description} error={props.error}>
      {fields}
    </Input.Wrapper>
  )
}

/** `2 hours`, from the catalogue. */
export const useDurationText = (): ((ms: number) => string) => {
  const t = useTexts()
  return (ms) => {
    const { count, unit } = splitDuration(ms)
    return t(`ui.duration.text.${unit}`, { count })
  }
}
