import { Autocomplete, NativeSelect, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../../texts/use-texts.ts'
import { DurationInput } from '../../ui/duration-input.tsx'
import { dayMs } from '../day-ms.ts'
import type { Suggestions } from '../use-event-catalogue.ts'

/** A word between two inputs. */
export const Word = ({ children }: { readonly children: ReactNode }) => (
  <Text span c="dimmed" style={{ whiteSpace: 'nowrap' }}>
    {children}
  </Text>
)

interface EventInputProps {
  readonly value: string
  readonly onChange: (event: string) => void
  readonly suggestions: Suggestions
  readonly label?: string
  readonly fill?: boolean
  readonly error?: string | undefined
  /** With a visible label over it (in forms); otherwise it is on one line with words. */
  readonly visibleLabel?: boolean
}

export const EventInput = ({ value, onChange, suggestions, label, visibleLabel, error }: EventInputProps) => {
  const t = useTexts()
  const name = label ?? t('segments.phrase.event')
  return (
    <Autocomplete
      {...(visibleLabel === true ? { label: name } : { 'aria-label': name, w: 220 })}
      placeholder={t('segments.phrase.eventPlaceholder')}
      data={[...suggestions.events]}
      limit={40}
      error={error}
      value={value}
      onChange={onChange}
    />
  )
}

type Window = { readonly lastMs: number } | undefined

export const WindowInput = ({
  value,
  onChange,
}: {
  readonly value: Window
  readonly onChange: (window: { lastMs: number } | undefined) => void
}) => {
  const t = useTexts()
  return (
    <>
      <NativeSelect
        aria-label={t('segments.phrase.window')}
        value={value === undefined ? 'ever' : 'last'}
        data={[
          { value: 'last', label: t('segments.phrase.inLast') },
          { value: 'ever', label: t('segments.phrase.ever') },
        ]}
        onChange={(event) => onChange(event.currentTarget.value === 'ever' ? undefined : { lastMs: 30 * dayMs })}
      />
      {value === undefined ? null : (
        <DurationInput
          label={t('segments.phrase.windowLength')}
          hideLabel
          value={value.lastMs}
          onChange={(lastMs) => onChange({ lastMs })}
        />
      )}
    </>
  )
}
