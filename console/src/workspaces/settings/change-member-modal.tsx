import { type Member, member, type Role, roles } from '@baton/contract'
import { Button, Group, Modal, NativeSelect, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { api } from '../../api/api.ts'
import { useAction } from '../../api/use-action.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { ScopeFields } from './scope-fields.tsx'
import { everything, type ScopeValues, scopeFrom, valuesOf } from './scope-values.ts'

interface ChangeMemberModalProps {
  readonly member: Member
  readonly onClose: () => void
}

/** What somebody may do, and for which part of the operation. */
export const ChangeMemberModal = ({ member: one, onClose }: ChangeMemberModalProps) => {
  const t = useTexts()
  const form = useForm<{ role: Role; scope: ScopeValues }>({
    initialValues: { role: one.role, scope: valuesOf(one.scope) },
  })
  const change = useAction({
    run: ({ role, scope }: typeof form.values) => {
      const next = role === 'owner' ? scopeFrom(everything) : scopeFrom(scope, one.scope)
      return api.patch(`/v1/members/${one.userId}`, { role, scope: next }, member)
    },
    refreshes: ['/v1/members'],
    done: t('settings.members.changed'),
    onDone: onClose,
    quiet: true,
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('settings.members.changeTitle', { name: one.name })}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack>
          {change.error === null ? null : <ErrorPanel error={change.error} />}
          <NativeSelect
            label={t('settings.members.role')}
            description={t(`settings.roleLeads.${form.values.role}`)}
            data={roles.map((role) => ({ value: role, label: t(`settings.roles.${role}`) }))}
            data-autofocus
            {...form.getInputProps('role')}
          />
          <ScopeFields form={form} of="member" />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit" loading={change.isPending}>
              {t('settings.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
