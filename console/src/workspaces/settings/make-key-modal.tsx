import { newKey, type Role, roles } from '@baton/contract'
import { Alert, Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { api } from '../../api/api.ts'
import { useAction } from '../../api/use-action.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { CommandLine } from '../../ui/empty-state.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { trackCommand } from '../track-command.ts'
import { type KeyKind, keyPath } from './key-path.ts'
import { ScopeFields } from './scope-fields.tsx'
import { everything, type ScopeValues, scopeFrom } from './scope-values.ts'

interface MakeKeyModalProps {
  readonly kind: KeyKind
  readonly opened: boolean
  readonly onClose: () => void
}

/** Makes a key and shows it this once, with a command that uses it. */
export const MakeKeyModal = ({ kind, opened, onClose }: MakeKeyModalProps) => {
  const t = useTexts()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title={t(kind === 'write' ? 'settings.keys.makeTitleWrite' : 'settings.keys.makeTitleApi')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <MakeKeyForm kind={kind} onClose={onClose} />
    </Modal>
  )
}

const askCommand = (origin: string, apiKey: string): string =>
  [`curl ${origin}/v1/people`, `-H 'authorization: Bearer ${apiKey}'`].join(' \\\n  ')

const MakeKeyForm = ({ kind, onClose }: Omit<MakeKeyModalProps, 'opened'>) => {
  const t = useTexts()
  const form = useForm<{ name: string; role: Role; scope: ScopeValues }>({
    initialValues: { name: '', role: 'developer', scope: everything },
    validate: { name: (name) => (name.trim() === '' ? t('settings.keys.nameMissing') : null) },
  })
  const make = useAction({
    run: ({ name, role, scope }: typeof form.values) => {
      const draft = kind === 'api' ? { name: name.trim(), role, scope: scopeFrom(scope) } : { name: name.trim() }
      return api.post(keyPath(kind), draft, newKey)
    },
    refreshes: [keyPath(kind)],
    quiet: true,
  })
  if (make.data !== undefined) {
    const { key } = make.data
    const { origin } = window.location
    return (
      <Stack>
        <Alert color="yellow">{t('settings.keys.once')}</Alert>
        <CommandLine command={key} />
        <div>
          <Text c="dimmed" mb={4}>
            {t(kind === 'write' ? 'settings.keys.firstEvent' : 'settings.keys.firstCall')}
          </Text>
          <CommandLine command={kind === 'write' ? trackCommand(origin, key) : askCommand(origin, key)} />
        </div>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('settings.keys.done')}</Button>
        </Group>
      </Stack>
    )
  }
  return (
    <form onSubmit={form.onSubmit((values) => make.mutate(values))}>
      <Stack>
        {make.error === null ? null : <ErrorPanel error={make.error} />}
        <TextInput
          label={t('settings.keys.name')}
          placeholder={t('settings.keys.namePlaceholder')}
          maxLength={120}
          data-autofocus
          {...form.getInputProps('name')}
        />
        {kind === 'api' ? (
          <NativeSelect
            label={t('settings.keys.role')}
            description={t(`settings.roleLeads.${form.values.role}`)}
            data={roles.map((role) => ({ value: role, label: t(`settings.roles.${role}`) }))}
            {...form.getInputProps('role')}
          />
        ) : null}
        {kind === 'api' ? <ScopeFields form={form} of="key" /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {t('settings.keys.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
