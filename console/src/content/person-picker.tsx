import { personList } from '@baton/contract'
import { ActionIcon, Group, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import IconChevronLeft from '@tabler/icons-react/dist/esm/icons/IconChevronLeft.mjs'
import IconChevronRight from '@tabler/icons-react/dist/esm/icons/IconChevronRight.mjs'
import { useState } from 'react'
import { useApi } from '../api/use-api.ts'
import { useTexts } from '../texts/use-texts.ts'

interface PersonPickerProps {
  /** Null: the sample person. */
  readonly value: string | null
  readonly onChange: (personId: string | null) => void
  /** What the person is for; none: to see something as. */
  readonly label?: string
  /** Who it is when nobody is chosen; none: the sample person. */
  readonly placeholder?: string
}

/** A person to see something as: searched by name or address, or one after the other. */
export const PersonPicker = ({ value, onChange, label, placeholder }: PersonPickerProps) => {
  const t = useTexts()
  const [typed, setTyped] = useState('')
  const [chosenLabel, setChosenLabel] = useState<string | null>(null)
  const [search] = useDebouncedValue(typed === chosenLabel ? '' : typed, 250)
  const { data } = useApi('/v1/people', personList, { query: { search, limit: 30 }, keep: true })
  const found = (data?.items ?? []).map(({ personId, title, email }) => ({
    value: personId,
    label: email === null || email === title ? title : `${title} · ${email}`,
  }))
  const shown =
    value === null || chosenLabel === null || found.some((each) => each.value === value)
      ? found
      : [{ value, label: chosenLabel }, ...found]
  const choose = (personId: string | null) => {
    setChosenLabel(shown.find((each) => each.value === personId)?.label ?? null)
    onChange(personId)
  }
  const at = found.findIndex((each) => each.value === value)
  const step = (by: number) => {
    const next = found[(at + by + found.length) % Math.max(1, found.length)]
    if (next === undefined) return
    setChosenLabel(next.label)
    setTyped(next.label)
    onChange(next.value)
  }
  return (
    <Group gap={6} wrap="nowrap">
      <Select
        aria-label={label ?? t('messages.tpl.previewAs')}
        placeholder={placeholder ?? t('messages.tpl.previewSample')}
        data={shown}
        searchable
        clearable
        filter={({ options }) => options}
        nothingFoundMessage={t('shell.palette.nothing')}
        value={value}
        searchValue={typed}
        onSearchChange={setTyped}
        onChange={choose}
        flex={1}
      />
      <ActionIcon
        variant="default"
        size={32}
        aria-label={t('messages.tpl.previous')}
        onClick={() => step(at < 0 ? 0 : -1)}
      >
        <IconChevronLeft size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="default" size={32} aria-label={t('messages.tpl.next')} onClick={() => step(1)}>
        <IconChevronRight size={16} aria-hidden />
      </ActionIcon>
    </Group>
  )
}
