import type { PropertyFilter } from '@baton/contract'
import { Button, CloseButton, Group, Text } from '@mantine/core'
import { useTexts } from '../../texts/use-texts.ts'
import { FilterEditor } from './filter-editor.tsx'

interface WhereEditorProps {
  readonly where: readonly PropertyFilter[]
  readonly onChange: (where: PropertyFilter[]) => void
  /** Properties this event was seen with. */
  readonly properties: readonly string[]
}

/** Filters on an event's properties; all must hold. */
export const WhereEditor = ({ where, onChange, properties }: WhereEditorProps) => {
  const t = useTexts()
  return (
    <>
      {where.map((filter, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: filters have no identity but their place, and every input is controlled
        <Group key={index} gap={6} pl="md" wrap="wrap" w="100%">
          <Text c="dimmed" w={40} ta="end">
            {t(index === 0 ? 'segments.phrase.where' : 'segments.phrase.and')}
          </Text>
          <FilterEditor
            filter={filter}
            onChange={(next) => onChange(where.map((each, at) => (at === index ? next : each)))}
            suggestions={properties}
            label={t('segments.phrase.property')}
            placeholder={t('segments.phrase.propertyPlaceholder')}
          />
          <CloseButton
            size="sm"
            aria-label={t('segments.phrase.removeFilter', { path: filter.path })}
            onClick={() => onChange(where.filter((_, at) => at !== index))}
          />
        </Group>
      ))}
      {where.length >= 10 ? null : (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          onClick={() => onChange([...where, { path: '', is: 'equals', value: '' }])}
        >
          {t('segments.phrase.addFilter')}
        </Button>
      )}
    </>
  )
}
