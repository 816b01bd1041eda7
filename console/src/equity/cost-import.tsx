import { type CostImported, costImported } from '@baton/contract'
import { Alert, Button, Code, FileButton, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import IconCircleCheck from '@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { DataTable } from '../ui/data-table.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { formatMoney } from '../ui/money.ts'
import { costsChange } from './costs-change.ts'

const decimalMarks = [
  { value: 'found', words: 'found' },
  { value: '.', words: 'dot' },
  { value: ',', words: 'comma' },
] as const
const dateFormats = ['found', 'iso', 'yyyymmdd', 'day-month-year', 'month-day-year'] as const

export const CostImport = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const [file, setFile] = useState<File | null>(null)
  const [currency, setCurrency] = useState(workspace.currency)
  const [dateFormat, setDateFormat] = useState<string>('found')
  const [decimalMark, setDecimalMark] = useState<string>('found')
  const load = useAction({
    run: async (chosen: File) =>
      api.post(
        '/v1/costs/import',
        {
          csv: await chosen.text(),
          fileName: chosen.name,
          currency,
          ...(dateFormat === 'found' ? {} : { dateFormat }),
          ...(decimalMark === 'found' ? {} : { decimalMark }),
        },
        costImported,
      ),
    refreshes: costsChange,
    quiet: true,
  })
  const result = load.data
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('costs.importing.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      {result === undefined ? (
        <Stack gap="sm">
          <Text c="dimmed">{t('costs.importing.lead')}</Text>
          <Group>
            <FileButton onChange={setFile} accept=".csv,.txt,.tsv,text/csv,text/plain">
              {(props) => (
                <Button variant="default" {...props}>
                  {t('costs.importing.choose')}
                </Button>
              )}
            </FileButton>
            {file === null ? null : (
              <Text>{t('costs.importing.chosen', { name: file.name, size: Math.ceil(file.size / 1000) })}</Text>
            )}
          </Group>
          <Group grow align="flex-start">
            <TextInput
              label={t('costs.importing.currency')}
              maxLength={3}
              value={currency}
              onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
            />
            <Select
              label={t('costs.importing.dateFormat')}
              allowDeselect={false}
              value={dateFormat}
              onChange={(value) => setDateFormat(value ?? 'found')}
              data={dateFormats.map((one) => ({ value: one, label: t(`costs.importing.dateFormats.${one}`) }))}
            />
            <Select
              label={t('costs.importing.decimalMark')}
              allowDeselect={false}
              value={decimalMark}
              onChange={(value) => setDecimalMark(value ?? 'found')}
              data={decimalMarks.map(({ value, words }) => ({
                value,
                label: t(`costs.importing.decimalMarks.${words}`),
              }))}
            />
          </Group>
          {load.error === null ? null : <ErrorPanel error={load.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('ui.cancel')}
            </Button>
            <Button
              disabled={file === null}
              loading={load.isPending}
              onClick={() => (file === null ? undefined : load.mutate(file))}
            >
              {t('costs.importing.start')}
            </Button>
          </Group>
        </Stack>
      ) : (
        <Result
          result={result}
          onAgain={() => {
            setFile(null)
            load.reset()
          }}
          onClose={onClose}
        />
      )}
    </Modal>
  )
}

interface ResultProps {
  readonly result: CostImported
  readonly onAgain: () => void
  readonly onClose: () => void
}

/** What came of the file; every row that could not be read is listed, none is lost. */
const Result = ({ result, onAgain, onClose }: ResultProps) => {
  const t = useTexts()
  return (
    <Stack gap="sm">
      <Alert
        color="teal"
        icon={<IconCircleCheck aria-hidden />}
        title={t('costs.importing.added', { count: result.added })}
      >
        {result.totals.map(({ kind, currency, minor, entries }) => (
          <Text key={`${kind} ${currency}`}>
            {t(`costs.kinds.${kind}`)}: {formatMoney({ minor, currency })}, {t('costs.entries', { count: entries })}
          </Text>
        ))}
        {result.repeated === 0 ? null : <Text>{t('costs.importing.repeated', { count: result.repeated })}</Text>}
        <Text>
          {result.rejected.length === 0
            ? t('costs.importing.allRead')
            : t('costs.importing.rejected', { count: result.rejected.length })}
        </Text>
      </Alert>
      {result.rejected.length === 0 ? null : (
        <DataTable
          name={t('costs.importing.rejectedRows')}
          rows={result.rejected}
          rowKey={(row) => String(row.line)}
          empty={null}
          columns={[
            {
              id: 'line',
              title: t('costs.importing.line'),
              numeric: true,
              width: 60,
              value: (row) => row.line,
              cell: (row) => row.line,
            },
            {
              id: 'reason',
              title: t('costs.importing.reason'),
              value: (row) => `${row.reason} ${row.remedy}`,
              cell: (row) => (
                <>
                  <Text fw={520}>{row.reason}</Text>
                  <Text size="xs" c="dimmed">
                    {row.remedy}
                  </Text>
                </>
              ),
            },
            {
              id: 'text',
              title: t('costs.importing.text'),
              value: (row) => row.text,
              cell: (row) => <Code style={{ overflowWrap: 'anywhere' }}>{row.text}</Code>,
              wideOnly: true,
            },
          ]}
        />
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onAgain}>
          {t('costs.importing.again')}
        </Button>
        <Button onClick={onClose}>{t('costs.importing.done')}</Button>
      </Group>
    </Stack>
  )
}
