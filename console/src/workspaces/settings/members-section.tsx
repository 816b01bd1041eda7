import { type Member, member } from '@baton/contract'
import { Badge, Button, Group, Stack } from '@mantine/core'
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
import { ChangeMemberModal } from './change-member-modal.tsx'
import { Invitations } from './invitations.tsx'
import { InviteModal } from './invite-modal.tsx'
import { RoleTable } from './role-table.tsx'
import { ScopeText } from './scope-text.tsx'
import { SectionLead } from './section-lead.tsx'

const MembersSection = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const members = useApiPages('/v1/members', member)
  const [inviting, invite] = useDisclosure(false)
  const [leaving, setLeaving] = useState<Member | null>(null)
  const [changing, setChanging] = useState<Member | null>(null)
  const mayWrite = workspace.permissions.includes('members:write')
  const columns = useColumns(mayWrite, setChanging, setLeaving)
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
      {changing === null ? null : <ChangeMemberModal member={changing} onClose={() => setChanging(null)} />}
      {leaving === null ? null : <RemoveMember member={leaving} onClose={() => setLeaving(null)} />}
    </>
  )
}

export default MembersSection

const useColumns = (
  mayWrite: boolean,
  onChange: (member: Member) => void,
  onRemove: (member: Member) => void,
): readonly Column<Member>[] => {
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
        cell: (row) => t(`settings.roles.${row.role}`),
        value: (row) => row.role,
      },
      { id: 'scope', title: t('settings.scope.title'), cell: (row) => <ScopeText scope={row.scope} /> },
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
              id: 'actions',
              title: t('settings.members.actions'),
              cell: (row: Member) => (
                <Group gap={4} wrap="nowrap">
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    aria-label={t('settings.members.changeOf', { name: row.name })}
                    onClick={() => onChange(row)}
                  >
                    {t('settings.members.change')}
                  </Button>
                  <Button
                    variant="subtle"
                    color="red"
                    size="compact-sm"
                    aria-label={t('settings.members.removeTitle', { name: row.name })}
                    onClick={() => onRemove(row)}
                  >
                    {t('settings.remove')}
                  </Button>
                </Group>
              ),
            },
          ]
        : []),
    ],
    [t, user, mayWrite, onChange, onRemove],
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
