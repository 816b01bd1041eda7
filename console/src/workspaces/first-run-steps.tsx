import { Button, Code, Group, Radio, Stack, Text, TextInput, Title } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { Icon } from '@tabler/icons-react'
import IconDatabasePlus from '@tabler/icons-react/dist/esm/icons/IconDatabasePlus.mjs'
import IconFlask from '@tabler/icons-react/dist/esm/icons/IconFlask.mjs'
import { useState } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { EmailInput, NameInput, NewPasswordInput } from './account-fields.tsx'
import classes from './first-run.module.css'
import type { FirstRunValues } from './use-finish-first-run.ts'
import { WorkspaceFields } from './workspace-fields.tsx'

type Form = UseFormReturnType<FirstRunValues>

export const AccountStep = ({ form, onNext }: { readonly form: Form; readonly onNext: () => void }) => {
  const t = useTexts()
  return (
    <form onSubmit={form.onSubmit(onNext)} aria-labelledby="step">
      <Stack>
        <div>
          <Title order={1} id="step">
            {t('start.firstRun.account.title')}
          </Title>
          <Text c="dimmed" mt={4}>
            {t('start.firstRun.account.lead')}
          </Text>
        </div>
        <TextInput
          label={t('start.firstRun.account.token')}
          description={t('start.firstRun.account.tokenHint')}
          autoComplete="off"
          spellCheck={false}
          required
          {...form.getInputProps('token')}
        />
        <NameInput form={form} />
        <EmailInput form={form} />
        <NewPasswordInput form={form} />
        <Group justify="flex-end">
          <Button type="submit">{t('start.firstRun.next')}</Button>
        </Group>
      </Stack>
    </form>
  )
}

type Data = 'sample' | 'own'

interface DataStepProps {
  readonly busy: boolean
  readonly error: Error | null
  readonly onSample: () => void
  readonly onOwn: () => void
  readonly onBack: () => void
}

export const DataStep = ({ busy, error, onSample, onOwn, onBack }: DataStepProps) => {
  const t = useTexts()
  const [choice, setChoice] = useState<Data>('sample')
  return (
    <Stack>
      <Title order={1} id="step">
        {t('start.firstRun.data.title')}
      </Title>
      {error === null ? null : <ErrorPanel error={error} />}
      <Radio.Group
        value={choice}
        onChange={(value) => setChoice(value === 'own' ? 'own' : 'sample')}
        aria-labelledby="step"
      >
        <Stack gap="xs">
          <Choice
            value="sample"
            icon={IconFlask}
            title={t('start.firstRun.data.sample')}
            lead={t('start.firstRun.data.sampleLead')}
          />
          <Choice
            value="own"
            icon={IconDatabasePlus}
            title={t('start.firstRun.data.own')}
            lead={t('start.firstRun.data.ownLead')}
          />
        </Stack>
      </Radio.Group>
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>
          {t('start.firstRun.back')}
        </Button>
        <Button loading={busy} onClick={choice === 'sample' ? onSample : onOwn}>
          {choice === 'sample' ? t('start.firstRun.data.openSample') : t('start.firstRun.next')}
        </Button>
      </Group>
    </Stack>
  )
}

interface ChoiceProps {
  readonly value: Data
  readonly icon: Icon
  readonly title: string
  readonly lead: string
}

const Choice = ({ value, icon: IconOf, title, lead }: ChoiceProps) => (
  <Radio.Card value={value} className={classes.choice ?? ''} aria-label={title}>
    <IconOf size={22} stroke={1.6} aria-hidden />
    <span>
      <Text span display="block" fw={600}>
        {title}
      </Text>
      <Text span display="block" c="dimmed">
        {lead}
      </Text>
    </span>
  </Radio.Card>
)

interface WorkspaceStepProps {
  readonly offersSample: boolean
  readonly form: Form
  readonly busy: boolean
  readonly error: Error | null
  readonly onBack: () => void
  readonly onDone: () => void
}

export const WorkspaceStep = ({ form, offersSample, busy, error, onBack, onDone }: WorkspaceStepProps) => {
  const t = useTexts()
  return (
    <form onSubmit={form.onSubmit(onDone)} aria-labelledby="step">
      <Stack>
        <div>
          <Title order={1} id="step">
            {t('start.firstRun.workspace.title')}
          </Title>
          <Text c="dimmed" mt={4}>
            {t('start.firstRun.workspace.lead')}
          </Text>
        </div>
        {error === null ? null : <ErrorPanel error={error} />}
        <WorkspaceFields form={form} />
        {offersSample ? null : (
          <Text size="sm" c="dimmed">
            {t('start.firstRun.workspace.sampleBy')} <Code>{t('start.firstRun.workspace.sampleCommand')}</Code>
          </Text>
        )}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>
            {t('start.firstRun.back')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('start.firstRun.data.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
