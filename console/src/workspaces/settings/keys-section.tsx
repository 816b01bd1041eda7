import { type Key, key } from '@baton/contract'
import { Badge, Button, Code, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import { anyAnswer, api } from '../../api/api.ts'
import { useAction } from '../../api/use-action.ts'
import { useApiPages } from '../../api/use-api.ts'
import { useHere } from '../../app/session-context.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { ConfirmModal } from '../../ui/confirm-modal.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyLine } from '../../ui/empty-line.tsx'
import { Panel } from '../../ui/panel.tsx'
import { When } from '../../ui/when.tsx'
import { type KeyKind, keyPath } from './key-path.ts'
import { MakeKeyModal } from './make-key-modal.tsx'
import { ScopeText } from './scope-text.tsx'
import { SectionLead } from './section-lead.tsx'

const KeysSection = () => {
  const t = useTexts()
  const { workspace } = useHere()
  if (!workspace.permissions.includes('keys:write')) return <Text c="dimmed">{t('settings.mayNotSee')}</Text>
  return (
    <>
      <SectionLead>{t('settings.keys.lead')}</SectionLead>
      <Stack>
        <KeyList kind="write" />
        <KeyList kind="api" />
      </Stack>
    </>
  )
}

export default KeysSection

const KeyList = ({ kind }: { readonly kind: KeyKind }) => {
  const t = useTexts()
  const keys = useApiPages(keyPath(kind), key)
  const [making, make] = useDisclosure(false)
  const [revoking, setRevoking] = useState<Key | null>(null)
  const columns = useColumns(kind, setRevoking)
  return (
    <Panel
      title={t(`settings.keys.${kind}`)}
      aside={
        <Button variant={kind === 'write' ? 'filled' : 'default'} onClick={make.open}>
          {t(kind === 'write' ? 'settings.keys.makeWrite' : 'settings.keys.makeApi')}
        </Button>
      }
    >
      <DataTable
        name={t('settings.tableOf', { what: t(`settings.keys.${kind}`) })}
        columns={columns}
        rows={keys.items}
        rowKey={(row) => row.keyId}
        error={keys.error}
        onRetry={() => void keys.refetch()}
        csv={false}
        empty={<EmptyLine>{t(kind === 'write' ? 'settings.keys.emptyWrite' : 'settings.keys.emptyApi')}</EmptyLine>}
      />
      <MakeKeyModal kind={kind} opened={making} onClose={make.close} />
      {revoking === null ? null : <RevokeKey kind={kind} revoked={revoking} onClose={() => setRevoking(null)} />}
    </Panel>
  )
}

const useColumns = (kind: KeyKind, onRevoke: (key: Key) => void): readonly Column<Key>[] => {
  const t = useTexts()
  return useMemo(
    () => [
      { id: 'name', title: t('settings.keys.name'), cell: (row) => row.name, value: (row) => row.name },
      { id: 'hint', title: t('settings.keys.hint'), cell: (row) => <Code>{row.hint}</Code> },
      ...(kind === 'api'
        ? [
            {
              id: 'role',
              title: t('settings.keys.role'),
              cell: (row: Key) => (row.role === null ? null : t(`settings.roles.${row.role}`)),
            },
            {
              id: 'scope',
              title: t('settings.scope.title'),
              cell: (row: Key) => <ScopeText scope={row.scope} />,
            },
          ]
        : []),
      {
        id: 'made',
        title: t('settings.keys.made'),
        wideOnly: true,
        cell: (row) => <When at={row.createdAt} c="dimmed" />,
        value: (row) => row.createdAt,
      },
      {
        id: 'used',
        title: t('settings.keys.used'),
        wideOnly: true,
        cell: (row) => <When at={row.lastUsedAt} />,
        value: (row) => row.lastUsedAt,
      },
      {
        id: 'revoke',
        title: t('settings.keys.revoke'),
        cell: (row) =>
          row.revokedAt === null ? (
            <Button
              variant="subtle"
              color="red"
              size="compact-sm"
              aria-label={t('settings.keys.revokeWhat', { name: row.name })}
              onClick={() => onRevoke(row)}
            >
              {t('settings.keys.revoke')}
            </Button>
          ) : (
            <Badge color="gray">{t('settings.keys.revoked')}</Badge>
          ),
      },
    ],
    [t, kind, onRevoke],
  )
}

interface RevokeKeyProps {
  readonly kind: KeyKind
  readonly revoked: Key
  readonly onClose: () => void
}

const RevokeKey = ({ kind, revoked, onClose }: RevokeKeyProps) => {
  const t = useTexts()
  const revoke = useAction({
    run: () => api.delete(`${keyPath(kind)}/${revoked.keyId}`, anyAnswer),
    refreshes: [keyPath(kind)],
    done: t('settings.keys.revokedDone'),
    onDone: onClose,
  })
  return (
    <ConfirmModal
      opened
      onClose={onClose}
      title={t('settings.keys.revokeTitle')}
      confirm={t('settings.keys.revoke')}
      onConfirm={() => revoke.mutate()}
      busy={revoke.isPending}
      danger
    >
      {t('settings.keys.revokeLead', { name: revoked.name })}
    </ConfirmModal>
  )
}
