import { invitation, type Member, member } from '@baton/contract'
import { Badge, Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { z } from 'zod'
import { anyAnswer, api } from '../../api/api.ts'
import { useAction } from '../../api/use-action.ts'
import { useApiPages } from '../../api/use-api.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { ConfirmModal } from '../../ui/confirm-modal.tsx'
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
  const [withdrawing, setWithdrawing] = useState<Invitation | null>(null)
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
      {
        id: 'actions',
        title: t('settings.members.actions'),
        cell: (row) =>
          row.acceptedAt === null ? (
            <Button
              variant="subtle"
              color="red"
              size="compact-sm"
              aria-label={t('settings.members.withdrawTitle', { email: row.email })}
              onClick={() => setWithdrawing(row)}
            >
              {t('settings.members.withdraw')}
            </Button>
          ) : null,
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
      {withdrawing === null ? null : <Withdraw invited={withdrawing} onClose={() => setWithdrawing(null)} />}
    </Panel>
  )
}

const Withdraw = ({ invited, onClose }: { readonly invited: Invitation; readonly onClose: () => void }) => {
  const t = useTexts()
  const withdraw = useAction({
    run: () => api.delete(`/v1/invitations/${invited.invitationId}`, anyAnswer),
    refreshes: ['/v1/invitations'],
    done: t('settings.members.withdrawn'),
    onDone: onClose,
  })
  return (
    <ConfirmModal
      opened
      onClose={onClose}
      title={t('settings.members.withdrawTitle', { email: invited.email })}
      confirm={t('settings.members.withdraw')}
      onConfirm={() => withdraw.mutate()}
      busy={withdraw.isPending}
      danger
    >
      {t('settings.members.withdrawLead')}
    </ConfirmModal>
  )
}
