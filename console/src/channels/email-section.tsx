import { type EmailChannel, type EmailChannelChange, emailChannel, emailChannelTestAnswer } from '@baton/contract'
import {
  Alert,
  Anchor,
  Button,
  Group,
  NativeSelect,
  NumberInput,
  PasswordInput,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useApi } from '../api/use-api.ts'
import { PagePending } from '../app/page-pending.tsx'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ConfirmModal } from '../ui/confirm-modal.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { Panel } from '../ui/panel.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { useFormBase } from '../ui/use-form-base.ts'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { SectionLead } from '../workspaces/settings/section-lead.tsx'

const EmailSection = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const { data, error, refetch } = useApi('/v1/channels/email', emailChannel)
  const failed = error === null ? null : <ErrorPanel error={error} onRetry={() => void refetch()} />
  if (data === undefined) return failed ?? <PagePending />
  const mayWrite = workspace.permissions.includes('channels:write')
  return (
    <>
      <SectionLead>{t('settings.email.lead')}</SectionLead>
      <Stack maw={680}>
        {failed}
        <Alert color={data.sendsBy === 'mailbox' ? 'blue' : 'teal'}>
          <Group gap="xs">
            <Text fw={550}>
              {t('settings.email.sendsBy')} {t(`settings.email.${data.sendsBy}`)}.
            </Text>
            {data.because === null ? null : <Text>{data.because}</Text>}
            <Anchor size="sm" c="inherit" td="underline" renderRoot={(props) => <Link to="/mailbox" {...props} />}>
              {t('settings.email.openMailbox')}
            </Anchor>
          </Group>
        </Alert>
        {mayWrite ? (
          <>
            <Panel title={t('settings.email.server')}>
              <SmtpForm channel={data} />
            </Panel>
            <Panel title={t('settings.email.test')}>
              <TestForm />
            </Panel>
          </>
        ) : (
          <Text c="dimmed">{t('settings.mayNot')}</Text>
        )}
      </Stack>
    </>
  )
}

export default EmailSection

type Change = NonNullable<EmailChannelChange['smtp']>

const securities = ['starttls', 'tls', 'none'] as const

const valuesOf = ({ smtp }: EmailChannel) => ({
  host: smtp?.host ?? '',
  port: smtp?.port ?? 587,
  security: smtp?.security ?? ('starttls' as Change['security']),
  user: smtp?.user ?? '',
  password: '',
  fromName: smtp?.from.name ?? '',
  fromAddress: smtp?.from.address ?? '',
  signs: smtp?.dkim != null,
  dkimDomain: smtp?.dkim?.domain ?? '',
  dkimSelector: smtp?.dkim?.selector ?? '',
  dkimKey: '',
})
type Values = ReturnType<typeof valuesOf>

/** Secrets that were not typed are left out: the server keeps what it has. */
const changeOf = (values: Values): Change => ({
  host: values.host.trim(),
  port: values.port,
  security: values.security,
  user: values.user.trim() === '' ? null : values.user.trim(),
  from: { name: values.fromName.trim(), address: values.fromAddress.trim() },
  ...(values.password === '' ? {} : { password: values.password }),
  dkim: values.signs
    ? {
        domain: values.dkimDomain.trim(),
        selector: values.dkimSelector.trim(),
        ...(values.dkimKey === '' ? {} : { privateKey: values.dkimKey }),
      }
    : null,
})

const SmtpForm = ({ channel }: { readonly channel: EmailChannel }) => {
  const t = useTexts()
  const form = useForm({
    initialValues: valuesOf(channel),
    validate: {
      host: (host) => (host.trim() === '' ? t('settings.email.hostMissing') : null),
      fromAddress: (address) => (address.includes('@') ? null : t('settings.email.addressMissing')),
    },
  })
  const save = useAction({
    run: (values: Values) => api.put('/v1/channels/email', { smtp: changeOf(values) }, emailChannel),
    refreshes: ['/v1/channels/email'],
    answers: '/v1/channels/email',
    done: t('settings.email.saved'),
    quiet: true,
    onDone: (saved, values) => edit.saved(saved, values),
  })
  const edit = useFormBase({ form, newest: channel, valuesOf, isSaving: save.isPending, whenEdited: 'merge' })
  useUnsaved(form.isDirty())
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="sm">
        {save.error === null ? null : <ErrorPanel error={save.error} />}
        <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
          <TextInput label={t('settings.email.host')} spellCheck={false} {...form.getInputProps('host')} />
          <NumberInput
            label={t('settings.email.port')}
            min={1}
            max={65_535}
            hideControls
            {...form.getInputProps('port')}
          />
          <NativeSelect
            label={t('settings.email.security')}
            data={securities.map((value) => ({ value, label: t(`settings.email.${value}`) }))}
            {...form.getInputProps('security')}
          />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput label={t('settings.email.user')} autoComplete="off" {...form.getInputProps('user')} />
          <PasswordInput
            label={t('settings.email.password')}
            autoComplete="new-password"
            placeholder={channel.smtp?.hasPassword === true ? t('settings.email.passwordKept') : ''}
            {...form.getInputProps('password')}
          />
          <TextInput label={t('settings.email.fromName')} {...form.getInputProps('fromName')} />
          <TextInput label={t('settings.email.fromAddress')} type="email" {...form.getInputProps('fromAddress')} />
        </SimpleGrid>
        <Switch label={t('settings.email.dkim')} {...form.getInputProps('signs', { type: 'checkbox' })} />
        {form.values.signs ? (
          <>
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
              <TextInput label={t('settings.email.dkimDomain')} {...form.getInputProps('dkimDomain')} />
              <TextInput label={t('settings.email.dkimSelector')} {...form.getInputProps('dkimSelector')} />
            </SimpleGrid>
            <Textarea
              label={t('settings.email.dkimKey')}
              placeholder={channel.smtp?.dkim?.hasKey === true ? t('settings.email.dkimKept') : ''}
              rows={4}
              ff="monospace"
              spellCheck={false}
              {...form.getInputProps('dkimKey')}
            />
          </>
        ) : null}
        <Group justify="space-between">
          {channel.smtp === null ? <span /> : <BackToMailbox />}
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            {t('settings.email.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const BackToMailbox = () => {
  const t = useTexts()
  const [opened, ask] = useDisclosure(false)
  const leave = useAction({
    run: () => api.put('/v1/channels/email', { smtp: null }, emailChannel),
    refreshes: ['/v1/channels/email'],
    done: t('settings.saved'),
    onDone: ask.close,
  })
  return (
    <>
      <Button variant="default" onClick={ask.open}>
        {t('settings.email.useMailbox')}
      </Button>
      <ConfirmModal
        opened={opened}
        onClose={ask.close}
        title={t('settings.email.useMailboxTitle')}
        confirm={t('settings.email.useMailbox')}
        onConfirm={() => leave.mutate()}
        busy={leave.isPending}
        danger
      >
        {t('settings.email.useMailboxLead')}
      </ConfirmModal>
    </>
  )
}

const TestForm = () => {
  const t = useTexts()
  const { user } = useHere()
  const form = useForm({
    initialValues: { to: user.email },
    validate: { to: (to) => (to.includes('@') ? null : t('settings.email.addressMissing')) },
  })
  const send = useAction({
    run: ({ to }: typeof form.values) => api.post('/v1/channels/email/test', { to: to.trim() }, emailChannelTestAnswer),
    refreshes: ['/v1/mailbox'],
    quiet: true,
  })
  return (
    <form onSubmit={form.onSubmit((values) => send.mutate(values))}>
      <Stack gap="sm">
        {send.error === null ? null : <ErrorPanel error={send.error} />}
        {send.data === undefined ? null : (
          <Alert color={send.data.outcome === 'accepted' ? 'teal' : 'red'}>
            <Group gap="xs">
              <StateBadge state={send.data.outcome} />
              <Text>{send.data.detail}</Text>
            </Group>
          </Alert>
        )}
        <Group align="flex-end" gap="xs">
          <TextInput label={t('settings.email.testTo')} type="email" flex={1} {...form.getInputProps('to')} />
          <Button type="submit" variant="default" loading={send.isPending}>
            {t('settings.email.testSend')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
