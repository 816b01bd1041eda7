import { type EquitySettings, equitySettings, type ForwardEquityView } from '@baton/contract'
import { Button, Code, Group, Modal, NumberInput, Select, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { mayForAll } from '../app/reach.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { MoneyText } from '../ui/money-text.tsx'
import { formatCount, formatDecimal, formatShare } from '../ui/numbers.ts'
import { Panel } from '../ui/panel.tsx'
import classes from './equity.module.css'

/** What the forward figure supposes, and the form to change it. */
export const AssumptionsPanel = ({ figure }: { readonly figure: ForwardEquityView }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const [changing, change] = useDisclosure(false)
  const { assumptions, currency } = figure
  const { costPerCustomerMinor } = assumptions
  return (
    <Panel
      title={t('equity.forward.assumptions.title')}
      aside={
        mayForAll(workspace, 'money:write') ? (
          <Button size="compact-sm" variant="default" onClick={change.open}>
            {t('equity.forward.assumptions.change')}
          </Button>
        ) : null
      }
    >
      <dl className={classes.facts}>
        <dt>{t('equity.forward.assumptions.model')}</dt>
        <dd>{t(`equity.forward.assumptions.models.${assumptions.model}`)} + Gamma-Gamma</dd>
        <dt>{t('equity.forward.assumptions.margin')}</dt>
        <dd>
          {assumptions.margin === null ? t('equity.forward.assumptions.marginNone') : formatShare(assumptions.margin)}
        </dd>
        <dt>{t('equity.forward.assumptions.discount')}</dt>
        <dd>{formatShare(assumptions.annualDiscountRate)}</dd>
        <dt>{t('equity.forward.assumptions.horizon')}</dt>
        <dd>{t('equity.forward.assumptions.years', { count: assumptions.horizonYears })}</dd>
        <dt>{t('equity.forward.assumptions.newCustomers')}</dt>
        <dd>
          {t('equity.forward.assumptions.newCustomersValue', {
            count: formatCount(assumptions.newCustomers),
            years: formatDecimal(assumptions.overYears),
          })}
        </dd>
        <dt>{t('equity.forward.assumptions.cost')}</dt>
        <dd>
          <MoneyText value={costPerCustomerMinor === null ? null : { minor: costPerCustomerMinor, currency }} />
        </dd>
      </dl>
      {figure.kind === 'computed' ? (
        <Text size="xs" c="dimmed" mt="sm" component="div">
          {t('equity.forward.assumptions.parameters')}{' '}
          {Object.entries({ ...figure.parameters, ...figure.spend }).map(([name, value]) => (
            <Code key={name} mr={4}>
              {name} {formatDecimal(value, 3)}
            </Code>
          ))}
        </Text>
      ) : null}
      {changing ? <AssumptionsForm settings={assumptions} onClose={change.close} /> : null}
    </Panel>
  )
}

interface AssumptionsFormProps {
  readonly settings: EquitySettings
  readonly onClose: () => void
}

const AssumptionsForm = ({ settings, onClose }: AssumptionsFormProps) => {
  const t = useTexts()
  const form = useForm<{
    model: EquitySettings['model']
    margin: number | string
    discount: number | string
    horizon: number | string
  }>({
    initialValues: {
      model: settings.model,
      margin: settings.margin === null ? '' : Math.round(settings.margin * 10_000) / 100,
      discount: Math.round(settings.annualDiscountRate * 10_000) / 100,
      horizon: settings.horizonYears,
    },
  })
  const save = useAction({
    run: (values: typeof form.values) =>
      api.put(
        '/v1/equity/settings',
        {
          model: values.model,
          margin: typeof values.margin === 'number' ? values.margin / 100 : null,
          annualDiscountRate: Number(values.discount) / 100,
          horizonYears: Number(values.horizon),
        },
        equitySettings,
      ),
    refreshes: ['/v1/equity', '/v1/home'],
    done: t('equity.forward.assumptions.saved'),
    onDone: onClose,
    quiet: true,
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('equity.forward.assumptions.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack gap="sm">
          <NumberInput
            label={t('equity.forward.assumptions.margin')}
            description={t('equity.forward.assumptions.marginHint')}
            suffix=" %"
            min={0}
            max={100}
            decimalScale={2}
            {...form.getInputProps('margin')}
          />
          <NumberInput
            label={t('equity.forward.assumptions.discount')}
            description={t('equity.forward.assumptions.percent')}
            suffix=" %"
            min={0}
            max={100}
            decimalScale={2}
            required
            {...form.getInputProps('discount')}
          />
          <NumberInput
            label={t('equity.forward.assumptions.horizon')}
            min={0.25}
            max={30}
            required
            {...form.getInputProps('horizon')}
          />
          <Select
            label={t('equity.forward.assumptions.model')}
            allowDeselect={false}
            data={(['bg-nbd', 'pareto-nbd'] as const).map((model) => ({
              value: model,
              label: t(`equity.forward.assumptions.models.${model}`),
            }))}
            {...form.getInputProps('model')}
          />
          {save.error === null ? null : <ErrorPanel error={save.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('equity.forward.assumptions.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
