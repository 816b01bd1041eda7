import { type Member, member, roles } from '@baton/contract'
import { Badge, Button, Group, NativeSelect, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import { anyAnswer, api } from '../../api/api.ts'
import { useAction } from '../../api/use-action.ts'
import { useApiPages } from '../../api/use-api.ts'
import { useHere } from '../../app/session-context.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { ConfirmModal } from '../../ui/confirm-modal.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import { When } from '../../ui/when.tsx'
import { Invitations } from './invitations.tsx'
import { InviteModal } from './invite-modal.tsx'
import { RoleTable } from './role-table.tsx'
import { SectionLead } from './section-lead.tsx'

const MembersSection = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const members = useApiPages('/v1/members', member)
  const [inviting, invite] = useDisclosure(false)
  const [leaving, setLeaving] = useState<Member | null>(null)
  const mayWrite = workspace.permissions.includes('members:write')
  const columns = useColumns(mayWrite, setLeaving)
  return (
    <>
      <SectionLead>{t('settings.members.lead')}</SectionLead>
      <Stack>
        <Panel
          title={t('settings.members.list')}
          aside={mayWrite ? <Button onClick={invite.open}>{t('settings.members.invite')}</Button> : null}
        >
          <DataTable
            name={t('settings.tableOf', { what: t('settings.members.list') })}
            columns={columns}
            rows={members.items}
            rowKey={(row) => row.userId}
            error={members.error}
            onRetry={() => void members.refetch()}
            csv={false}
            empty={null}
          />
        </Panel>
        {mayWrite ? <Invitations /> : null}
        <RoleTable />
      </Stack>
      <InviteModal opened={inviting} onClose={invite.close} />
      {leaving === null ? null : <RemoveMember member={leaving} onClose={() => setLeaving(null)} />}
    </>
  )
}

export default MembersSection

const useColumns = (mayWrite: boolean, onRemove: (member: Member) => void): readonly Column<Member>[] => {
  const t = useTexts()
  const { user } = useHere()
  return useMemo(
    () => [
      {
        id: 'name',
        title: t('settings.members.name'),
        cell: (row) => (
          <Group gap={6}>
            {row.name}
            {row.userId === user.id ? <Badge color="gray">{t('settings.members.you')}</Badge> : null}
          </Group>
        ),
        value: (row) => row.name,
      },
      {
        id: 'email',
        title: t('settings.members.email'),
        wideOnly: true,
        cell: (row) => row.email,
        value: (row) => row.email,
      },
      {
        id: 'role',
        title: t('settings.members.role'),
        cell: (row) => (mayWrite ? <RoleChoice member={row} /> : t(`settings.roles.${row.role}`)),
        value: (row) => row.role,
      },
      {
        id: 'since',
        title: t('settings.members.since'),
        wideOnly: true,
        cell: (row) => <When at={row.createdAt} c="dimmed" />,
        value: (row) => row.createdAt,
      },
      ...(mayWrite
        ? [
            {
              id: 'remove',
              title: t('settings.remove'),
              cell: (row: Member) => (
                <Button variant="subtle" color="red" size="compact-sm" onClick={() => onRemove(row)}>
                  {t('settings.remove')}
                </Button>
              ),
            },
          ]
        : []),
    ],
    [t, user, mayWrite, onRemove],
  )
}

const RoleChoice = ({ member: one }: { readonly member: Member }) => {
  const t = useTexts()
  const change = useAction({
    run: (role: string) => api.patch(`/v1/members/${one.userId}`, { role }, member),
    refreshes: ['/v1/members'],
    done: t('settings.members.changed'),
  })
  return (
    <NativeSelect
      aria-label={t('settings.members.roleOf', { name: one.name })}
      value={one.role}
      maw={220}
      disabled={change.isPending}
      data={roles.map((role) => ({ value: role, label: t(`settings.roles.${role}`) }))}
      onChange={(event) => change.mutate(event.currentTarget.value)}
    />
  )
}

const RemoveMember = ({ member: one, onClose }: { readonly member: Member; readonly onClose: () => void }) => {
  const t = useTexts()
  const remove = useAction({
    run: () => api.delete(`/v1/members/${one.userId}`, anyAnswer),
    refreshes: ['/v1/members'],
    done: t('settings.members.removed'),
    onDone: onClose,
  })
  return (
    <ConfirmModal
      opened
      onClose={onClose}
      title={t('settings.members.removeTitle', { name: one.name })}
      confirm={t('settings.remove')}
      onConfirm={() => remove.mutate()}
      busy={remove.isPending}
      danger
    >
      {t('settings.members.removeLead')}
    </ConfirmModal>
  )
}
