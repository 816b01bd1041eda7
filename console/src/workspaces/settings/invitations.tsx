import { invitation, type Member, member } from '@baton/contract'
import { Badge } from '@mantine/core'
import { useMemo } from 'react'
import type { z } from 'zod'
import { useApiPages } from '../../api/use-api.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyLine } from '../../ui/empty-line.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useNow } from '../../ui/use-now.ts'
import { When } from '../../ui/when.tsx'
import { ScopeText } from './scope-text.tsx'

type Invitation = z.output<typeof invitation>

/** An actor is written `user:<id>`; who is no member any more stays an id. */
const nameOf = (members: readonly Member[] | undefined, actor: string): string =>
  members?.find(({ userId }) => actor === `user:${userId}`)?.name ?? actor

/** Who was invited, and whether they came. */
export const Invitations = () => {
  const t = useTexts()
  const nowMs = useNow()
  const invitations = useApiPages('/v1/invitations', invitation)
  const members = useApiPages('/v1/members', member)
  const columns = useMemo(
    (): readonly Column<Invitation>[] => [
      { id: 'email', title: t('settings.members.email'), cell: (row) => row.email, value: (row) => row.email },
      {
        id: 'role',
        title: t('settings.members.role'),
        cell: (row) => t(`settings.roles.${row.role}`),
        value: (row) => row.role,
      },
      { id: 'scope', title: t('settings.scope.title'), cell: (row) => <ScopeText scope={row.scope} /> },
      {
        id: 'state',
        title: t('settings.members.expires'),
        cell: (row) => {
          if (row.acceptedAt !== null) return <Badge color="teal">{t('settings.members.accepted')}</Badge>
          if (row.expiresAt < nowMs) return <Badge color="gray">{t('settings.members.expired')}</Badge>
          return <When at={row.expiresAt} />
        },
        value: (row) => row.expiresAt,
      },
      {
        id: 'by',
        title: t('settings.members.invitedBy'),
        wideOnly: true,
        cell: (row) => nameOf(members.items, row.invitedBy),
        value: (row) => nameOf(members.items, row.invitedBy),
      },
    ],
    [t, nowMs, members.items],
  )
  return (
    <Panel title={t('settings.members.invitations')}>
      <DataTable
        name={t('settings.tableOf', { what: t('settings.members.invitations') })}
        columns={columns}
        rows={invitations.items}
        rowKey={(row) => row.invitationId}
        error={invitations.error}
        onRetry={() => void invitations.refetch()}
        csv={false}
        empty={<EmptyLine>{t('settings.members.noInvitations')}</EmptyLine>}
      />
    </Panel>
  )
}
