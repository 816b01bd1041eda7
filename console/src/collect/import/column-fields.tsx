import { Box, Input, SegmentedControl, SimpleGrid, Stack, TextInput, Title } from '@mantine/core'
import { useId } from 'react'
import { useTexts } from '../../texts/use-texts.ts'
import { ColumnSelect } from './column-select.tsx'
import type { FileSample } from './file-sample.ts'
import type { ColumnRole } from './guess-columns.ts'
import type { DraftProblems, ImportDraft } from './import-draft.ts'

interface ColumnFieldsProps {
  readonly sample: FileSample
  readonly draft: ImportDraft
  readonly problems: DraftProblems
  readonly onChange: (change: Partial<ImportDraft>) => void
}

const gridColumns = { base: 1, xs: 2, md: 3 }

/** Which column is what. */
export const ColumnFields = (props: ColumnFieldsProps) => {
  const t = useTexts()
  const { draft, onChange } = props
  const select = (role: ColumnRole) => <ColumnSelect key={role} {...props} role={role} problem={props.problems[role]} />
  return (
    <Stack gap="sm">
      <Title order={3}>{t('imports.columns.title')}</Title>
      <SimpleGrid cols={gridColumns} spacing="md" verticalSpacing="sm">
        {(['date', 'customer', 'email'] as const).map(select)}
      </SimpleGrid>
      <SimpleGrid cols={gridColumns} spacing="md" verticalSpacing="sm">
        <Worth worth={draft.worth} onChange={onChange} />
        {draft.worth === 'amount' ? select('amount') : (['quantity', 'price'] as const).map(select)}
      </SimpleGrid>
      <SimpleGrid cols={gridColumns} spacing="md" verticalSpacing="sm">
        {(['order', 'currency'] as const).map(select)}
        <TextInput
          label={t('imports.columns.defaultCurrency')}
          description={t('imports.columns.defaultCurrencyHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          maxLength={3}
          value={draft.defaultCurrency}
          error={props.problems.defaultCurrency === undefined ? undefined : t('imports.problems.currency')}
          onChange={(event) => onChange({ defaultCurrency: event.currentTarget.value.toUpperCase() })}
        />
      </SimpleGrid>
    </Stack>
  )
}

const Worth = ({ worth, onChange }: Pick<ImportDraft, 'worth'> & Pick<ColumnFieldsProps, 'onChange'>) => {
  const t = useTexts()
  const labelId = useId()
  return (
    <Box>
      <Input.Label labelElement="div" id={labelId}>
        {t('imports.columns.worth')}
      </Input.Label>
      <SegmentedControl
        fullWidth
        aria-labelledby={labelId}
        value={worth}
        onChange={(value) => onChange({ worth: value === 'product' ? 'product' : 'amount' })}
        data={[
          { value: 'amount', label: t('imports.columns.worthAmount') },
          { value: 'product', label: t('imports.columns.worthProduct') },
        ]}
      />
    </Box>
  )
}
