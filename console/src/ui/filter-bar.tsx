import { Button, CloseButton, Group, Kbd, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks'
import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTexts } from '../texts/use-texts.ts'

export interface FilterChoice {
  readonly key: string
  readonly label: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
}

export interface FilterBarProps {
  /** From useUrlFilters; the search box writes `q`. */
  readonly filters: {
    readonly values: Readonly<Record<string, string>>
    readonly set: (change: Record<string, string>) => void
    readonly clear: () => void
    readonly isFiltered: boolean
  }
  /** The search box's label; without it there is no search box. */
  readonly search?: string
  readonly choices?: readonly FilterChoice[]
  /** More controls, at the right. */
  readonly children?: ReactNode
}

/** Search box (the `/` key jumps to it) and selects, bound to the address. */
export const FilterBar = ({ filters, search, choices = [], children }: FilterBarProps) => {
  const t = useTexts()
  return (
    <Group gap="xs" mb="sm" role="search" aria-label={t('ui.filters')}>
      {search === undefined ? null : (
        <SearchBox label={search} value={filters.values.q ?? ''} onSearch={(q) => filters.set({ q })} />
      )}
      {choices.map((choice) => (
        <Select
          key={choice.key}
          aria-label={choice.label}
          placeholder={choice.label}
          data={[...choice.options]}
          value={filters.values[choice.key] === '' ? null : (filters.values[choice.key] ?? null)}
          onChange={(value) => filters.set({ [choice.key]: value ?? '' })}
          clearable
          w={{ base: 'calc(50% - 5px)', xs: 180 }}
        />
      ))}
      {filters.isFiltered ? (
        <Button variant="subtle" color="gray" onClick={filters.clear}>
          {t('ui.clearFilters')}
        </Button>
      ) : null}
      {children === undefined ? null : (
        <Group gap="xs" ml="auto">
          {children}
        </Group>
      )}
    </Group>
  )
}

interface SearchBoxProps {
  readonly label: string
  readonly value: string
  readonly onSearch: (text: string) => void
}

const SearchBox = ({ label, value, onSearch }: SearchBoxProps) => {
  const t = useTexts()
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(value)
  const search = useDebouncedCallback(onSearch, 250)
  useEffect(() => setTyped(value), [value])
  useHotkeys([['/', () => input.current?.focus()]])
  const change = (text: string) => {
    setTyped(text)
    search(text)
  }
  return (
    <TextInput
      ref={input}
      w={{ base: '100%', xs: 300 }}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={15} aria-hidden />}
      rightSection={
        typed === '' ? (
          <Kbd size="xs">/</Kbd>
        ) : (
          <CloseButton size="sm" aria-label={t('ui.clearSearch')} onClick={() => change('')} />
        )
      }
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onSearch(typed)
        if (event.key === 'Escape') change('')
      }}
    />
  )
}
