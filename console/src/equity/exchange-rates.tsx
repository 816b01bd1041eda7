import { currency as currencyCode, type ExchangeRateEntry, exchangeRates } from '@baton/contract'
import { ActionIcon, Button, Group, NumberInput, Table, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs'
import { anyAnswer, api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useApi } from '../api/use-api.ts'
import { mayForAll } from '../app/reach.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { formatDecimal } from '../ui/numbers.ts'
import { Panel } from '../ui/panel.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { dayIn } from '../ui/zoned-day.ts'
import { costsChange } from './costs-change.ts'

/** `?rate=USD&on=2026-02-05` begins an entry for that currency, from the day on that has none. */
const noRate = { rate: '', on: '' }

export const ExchangeRates = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const rates = useApi('/v1/exchange-rates', exchangeRates)
  const mayWrite = mayForAll(workspace, 'money:write')
  return (
    <Panel title={t('costs.rates.title')}>
      <Text c="dimmed" mb="sm">
        {t('costs.rates.lead')}
      </Text>
      {rates.error === null ? null : <ErrorPanel error={rates.error} onRetry={() => void rates.refetch()} />}
      {rates.data === undefined ? null : <Rates rates={rates.data} mayWrite={mayWrite} />}
      {mayWrite ? <RateForm /> : null}
    </Panel>
  )
}

const Rates = ({ rates, mayWrite }: { readonly rates: readonly ExchangeRateEntry[]; readonly mayWrite: boolean }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const remove = useAction({
    run: (rate: ExchangeRateEntry) =>
      api.delete(`/v1/exchange-rates/${rate.base}/${rate.currency}/${rate.on}`, anyAnswer),
    refreshes: costsChange,
    done: t('costs.rates.removed'),
  })
  if (rates.length === 0) return <Text mb="sm">{t('costs.rates.none', { base: workspace.currency })}</Text>
  return (
    <Table aria-label={t('costs.rates.table')} className="baton-numbers" mb="sm" maw={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('costs.rates.currency')}</Table.Th>
          <Table.Th scope="col">{t('costs.rates.from')}</Table.Th>
          <Table.Th scope="col" ta="end">
            {t('costs.rates.rate')}
          </Table.Th>
          {mayWrite ? <Table.Th scope="col">{t('costs.columns.actions')}</Table.Th> : null}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rates.map((rate) => (
          <Table.Tr key={`${rate.base} ${rate.currency} ${rate.on}`}>
            <Table.Td>{rate.currency}</Table.Td>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>{rate.on}</Table.Td>
            <Table.Td ta="end" style={{ whiteSpace: 'nowrap' }}>
              {formatDecimal(rate.rate, 6)} {rate.base}
            </Table.Td>
            {mayWrite ? (
              <Table.Td w={60}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  onClick={() => remove.mutate(rate)}
                  aria-label={t('costs.rates.remove', { currency: rate.currency, day: rate.on })}
                >
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              </Table.Td>
            ) : null}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

const RateForm = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const { values: asked } = useUrlFilters(noRate)
  const form = useForm<{ currency: string; on: string; rate: number | string }>({
    initialValues: {
      currency: asked.rate,
      on: asked.on === '' ? dayIn(workspace.clockAt ?? Date.now(), workspace.timeZone) : asked.on,
      rate: '',
    },
    validate: {
      currency: (code) => (currencyCode.safeParse(code).success ? null : t('costs.rates.wrong')),
      rate: (rate) => (typeof rate === 'number' && rate > 0 ? null : t('costs.rates.missing')),
    },
  })
  const save = useAction({
    run: (values: typeof form.values) =>
      api.put('/v1/exchange-rates', { currency: values.currency, on: values.on, rate: values.rate }, exchangeRates),
    refreshes: costsChange,
    done: t('costs.rates.saved'),
    onDone: () => form.setFieldValue('rate', ''),
    quiet: true,
  })
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Group gap="xs" align="flex-start">
        <TextInput
          w={90}
          label={t('costs.rates.currency')}
          maxLength={3}
          {...form.getInputProps('currency')}
          onChange={(event) => form.setFieldValue('currency', event.currentTarget.value.toUpperCase())}
        />
        <TextInput type="date" label={t('costs.rates.from')} {...form.getInputProps('on')} />
        <NumberInput
          w={170}
          label={t('costs.rates.worth', { currency: form.values.currency === '' ? '…' : form.values.currency })}
          suffix={` ${workspace.currency}`}
          min={0}
          decimalScale={8}
          hideControls
          {...form.getInputProps('rate')}
        />
        <Button type="submit" variant="default" mt={22} loading={save.isPending}>
          {t('costs.rates.add')}
        </Button>
      </Group>
      {save.error === null ? null : <ErrorPanel error={save.error} />}
    </form>
  )
}
