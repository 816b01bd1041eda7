import { comparison, type PropertyFilter } from '@baton/contract'
import { Autocomplete, NativeSelect } from '@mantine/core'
import { useTexts } from '../../texts/use-texts.ts'
import { ValueInput, ValuesInput } from './value-input.tsx'

interface FilterEditorProps<Filter extends PropertyFilter> {
  readonly filter: Filter
  readonly onChange: (filter: Filter) => void
  readonly suggestions: readonly string[]
  /** What the path names: "Trait" or "Property". */
  readonly label: string
  readonly placeholder: string
}

const comparisons = comparison.options

/** Path, comparison, value: on one line, for traits and for properties of events. */
export const FilterEditor = <Filter extends PropertyFilter>(props: FilterEditorProps<Filter>) => {
  const t = useTexts()
  const { filter, onChange } = props
  const compare = (is: PropertyFilter['is']) => {
    const { value, values, ...rest } = filter
    if (is === 'exists' || is === 'not-exists')
      return onChange({ ...filter, ...rest, is, value: undefined, values: undefined })
    const listed = is === 'in'
    const first = value ?? values?.[0] ?? ''
    onChange({
      ...filter,
      is,
      value: listed ? undefined : first,
      values: listed ? (values ?? (first === '' ? [] : [first])) : undefined,
    })
  }
  return (
    <>
      <Autocomplete
        aria-label={props.label}
        placeholder={props.placeholder}
        data={[...props.suggestions]}
        w={150}
        limit={30}
        value={filter.path}
        onChange={(path) => onChange({ ...filter, path })}
      />
      <NativeSelect
        aria-label={t('segments.phrase.comparison')}
        value={filter.is}
        data={comparisons.map((is) => ({ value: is, label: t(`segments.compare.${is}`) }))}
        onChange={(event) => compare(comparison.parse(event.currentTarget.value))}
      />
      {filter.is === 'in' ? (
        <ValuesInput values={filter.values ?? []} onChange={(values) => onChange({ ...filter, values })} />
      ) : null}
      {filter.is === 'in' || filter.is === 'exists' || filter.is === 'not-exists' ? null : (
        <ValueInput value={filter.value} onChange={(value) => onChange({ ...filter, value })} />
      )}
    </>
  )
}
