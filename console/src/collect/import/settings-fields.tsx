import { orderImportMapping, separatorName } from '@baton/contract'
import { Checkbox, Select, SimpleGrid, Stack, TextInput, Title } from '@mantine/core'
import { useTexts } from '../../texts/use-texts.ts'
import type { FileSample, SampleChoices } from './file-sample.ts'
import { type DraftField, type DraftProblems, datesOf, type ImportDraft } from './import-draft.ts'
import { dateFormats } from './written-dates.ts'

interface SettingsFieldsProps {
  readonly sample: FileSample
  readonly draft: ImportDraft
  readonly problems: DraftProblems
  readonly onChange: (change: Partial<ImportDraft>) => void
  readonly onChoose: (change: SampleChoices) => void
}

/** The text below a field, not above it, so that the fields of a row stand at one height. */
const wrapperOrder: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error']
const decimalMarks = [
  { value: 'found', words: 'found' },
  { value: '.', words: 'dot' },
  { value: ',', words: 'comma' },
] as const
const guestChoices = orderImportMapping.shape.guests.unwrap().options

/** How the file is written, where that was found wrong; and how its orders count. */
export const SettingsFields = ({ sample, draft, problems, onChange, onChoose }: SettingsFieldsProps) => {
  const t = useTexts()
  const dates = datesOf(draft, sample)
  const errorOf = (field: DraftField) => {
    const problem = problems[field]
    return problem === undefined ? undefined : t(`imports.problems.${problem.code}`, { example: problem.example })
  }
  const found =
    dates?.kind === 'found'
      ? t('imports.settings.dateFormatFound', { format: t(`imports.settings.dateFormats.${dates.format}`) })
      : t('imports.settings.dateFormats.found')
  return (
    <Stack gap="sm">
      <Title order={3}>{t('imports.settings.title')}</Title>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="md" verticalSpacing="sm">
        <Select
          label={t('imports.settings.dateFormat')}
          allowDeselect={false}
          value={draft.dateFormat}
          error={errorOf('dateFormat')}
          data={[
            { value: 'found', label: found },
            ...dateFormats.map((format) => ({ value: format, label: t(`imports.settings.dateFormats.${format}`) })),
          ]}
          onChange={(value) => onChange({ dateFormat: dateFormats.find((format) => format === value) ?? 'found' })}
        />
        <Select
          label={t('imports.settings.decimalMark')}
          allowDeselect={false}
          value={draft.decimalMark}
          data={decimalMarks.map(({ value, words }) => ({ value, label: t(`imports.settings.decimalMarks.${words}`) }))}
          onChange={(value) =>
            onChange({ decimalMark: decimalMarks.find((mark) => mark.value === value)?.value ?? 'found' })
          }
        />
        <Select
          label={t('imports.settings.separator')}
          allowDeselect={false}
          value={sample.separator}
          data={separatorName.options.map((name) => ({ value: name, label: t(`imports.settings.separators.${name}`) }))}
          onChange={(value) => {
            const separator = separatorName.options.find((name) => name === value)
            if (separator !== undefined) onChoose({ separator })
          }}
        />
        <Select
          label={t('imports.settings.guests')}
          description={t('imports.settings.guestsHint')}
          inputWrapperOrder={wrapperOrder}
          allowDeselect={false}
          value={draft.guests}
          data={guestChoices.map((guests) => ({ value: guests, label: t(`imports.settings.guestChoices.${guests}`) }))}
          onChange={(value) => onChange({ guests: guestChoices.find((guests) => guests === value) ?? 'keep' })}
        />
        <TextInput
          label={t('imports.settings.source')}
          description={t('imports.settings.sourceHint')}
          inputWrapperOrder={wrapperOrder}
          maxLength={60}
          value={draft.source}
          error={errorOf('source')}
          onChange={(event) => onChange({ source: event.currentTarget.value })}
        />
        <TextInput
          label={t('imports.settings.orderPrefix')}
          description={t('imports.settings.orderPrefixHint')}
          inputWrapperOrder={wrapperOrder}
          maxLength={30}
          disabled={draft.columns.order === undefined}
          value={draft.orderPrefix}
          error={errorOf('orderPrefix')}
          onChange={(event) => onChange({ orderPrefix: event.currentTarget.value })}
        />
        <Checkbox
          label={t('imports.settings.header')}
          checked={sample.header}
          onChange={(event) => onChoose({ header: event.currentTarget.checked })}
        />
      </SimpleGrid>
    </Stack>
  )
}
