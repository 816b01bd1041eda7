import { cost, costKind, currency, phases as phasesSchema } from '@baton/contract'
import { Button, Group, Modal, NumberInput, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useApi } from '../api/use-api.ts'
import { answersFor } from '../app/reach.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { minorDigits } from '../ui/money.ts'
import { dayIn } from '../ui/zoned-day.ts'
import { costsChange } from './costs-change.ts'

interface CostValues {
  on: string
  amount: number | string
  currency: string
  kind: string
  phase: string | null
  channel: string
  partner: string
  note: string
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

const toDraft = (values: CostValues) => ({
  on: values.on,
  amount: {
    minor: Math.round(Number(values.amount) * 10 ** minorDigits(values.currency)),
    currency: values.currency,
  },
  kind: values.kind,
  phase: values.phase,
  channel: orNull(values.channel),
  partner: orNull(values.partner),
  note: orNull(values.note),
})

export const CostForm = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const { phases: ownPhases, partner } = workspace.scope
  const phases = useApi('/v1/phases', phasesSchema)
  const form = useForm<CostValues>({
    initialValues: {
      on: dayIn(workspace.clockAt ?? Date.now(), workspace.timeZone),
      amount: '',
      currency: workspace.currency,
      kind: 'acquisition',
      // Who answers for a part enters the costs of that part alone.
      phase: ownPhases?.[0] ?? null,
      channel: '',
      partner: partner ?? '',
      note: '',
    },
    validate: {
      amount: (amount) => (typeof amount === 'number' ? null : t('costs.form.amountMissing')),
      currency: (code) => (currency.safeParse(code).success ? null : t('costs.form.currencyWrong')),
    },
  })
  const save = useAction({
    run: (values: CostValues) => api.post('/v1/costs', toDraft(values), cost),
    refreshes: costsChange,
    done: t('costs.form.saved'),
    onDone: onClose,
    quiet: true,
  })
  return (
    <Modal opened onClose={onClose} title={t('costs.form.title')} closeButtonProps={{ 'aria-label': t('ui.close') }}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack gap="sm">
          <div>
            <SegmentedControl
              fullWidth
              aria-label={t('costs.form.kind')}
              data={costKind.options.map((kind) => ({ value: kind, label: t(`costs.kinds.${kind}`) }))}
              {...form.getInputProps('kind')}
            />
            <Text size="xs" c="dimmed" mt={4}>
              {t.code('costs.kindHints', form.values.kind)}
            </Text>
          </div>
          <Group grow align="flex-start">
            <NumberInput
              label={t('costs.form.amount')}
              decimalScale={3}
              thousandSeparator
              data-autofocus
              required
              {...form.getInputProps('amount')}
            />
            <TextInput label={t('costs.form.currency')} maxLength={3} required {...form.getInputProps('currency')} />
          </Group>
          <Text size="xs" c="dimmed" mt={-6}>
            {t('costs.form.amountHint')}
          </Text>
          <Group grow align="flex-start">
            <TextInput type="date" label={t('costs.form.on')} required {...form.getInputProps('on')} />
            <Select
              label={t('costs.form.phase')}
              placeholder={t('costs.form.phaseNone')}
              clearable={ownPhases === undefined}
              allowDeselect={ownPhases === undefined}
              clearButtonProps={{ 'aria-label': t('costs.form.phaseNone') }}
              data={(phases.data ?? [])
                .filter(({ phase }) => answersFor({ scope: { phases: ownPhases } }, { phase }))
                .map((one) => ({ value: one.phase, label: one.title }))}
              {...form.getInputProps('phase')}
            />
          </Group>
          <Group grow align="flex-start">
            <TextInput label={t('costs.form.channel')} maxLength={120} {...form.getInputProps('channel')} />
            <TextInput
              label={t('costs.form.partner')}
              maxLength={120}
              readOnly={partner !== undefined}
              {...form.getInputProps('partner')}
            />
          </Group>
          <TextInput label={t('costs.form.note')} maxLength={500} {...form.getInputProps('note')} />
          {save.error === null ? null : <ErrorPanel error={save.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('costs.form.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
