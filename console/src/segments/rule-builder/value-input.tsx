import { TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../texts/use-texts.ts'
import { readScalar, writeScalar } from '../scalar-text.ts'

type Scalar = string | number | boolean

interface ValueInputProps {
  readonly value: Scalar | undefined
  readonly onChange: (value: Scalar) => void
}

export const ValueInput = ({ value, onChange }: ValueInputProps) => {
  const t = useTexts()
  // What is being typed need not be a value yet ("1." on its way to 1.5), so the text is kept as typed.
  const [typed, setTyped] = useState(() => writeScalar(value))
  const shown = readScalar(typed) === value ? typed : writeScalar(value)
  return (
    <TextInput
      aria-label={t('segments.phrase.value')}
      title={t('segments.builder.valueHint')}
      placeholder={t('segments.phrase.value')}
      w={120}
      value={shown}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        onChange(readScalar(event.currentTarget.value))
      }}
    />
  )
}

interface ValuesInputProps {
  readonly values: readonly Scalar[]
  readonly onChange: (values: Scalar[]) => void
}

export const ValuesInput = ({ values, onChange }: ValuesInputProps) => {
  const t = useTexts()
  return (
    <TagsInput
      aria-label={t('segments.phrase.values')}
      placeholder={values.length === 0 ? t('segments.phrase.valuesPlaceholder') : ''}
      miw={160}
      maw={320}
      value={values.map(writeScalar)}
      onChange={(typed) => onChange(typed.map(readScalar))}
    />
  )
}
