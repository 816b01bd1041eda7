import { Autocomplete } from '@mantine/core'
import type { ReactNode } from 'react'

interface PropertyInputProps {
  readonly label: string
  readonly description?: ReactNode
  readonly placeholder?: string
  readonly suggestions: readonly string[]
  readonly value: string | undefined
  readonly onChange: (path: string | undefined) => void
  readonly error?: string | undefined
}

/** A property of an event by its path; empty: none. */
export const PropertyInput = ({ suggestions, value, onChange, ...rest }: PropertyInputProps) => (
  <Autocomplete
    {...rest}
    data={[...suggestions]}
    value={value ?? ''}
    maxLength={200}
    onChange={(typed) => onChange(typed === '' ? undefined : typed)}
  />
)
