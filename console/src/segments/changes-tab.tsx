import { type MembershipChangeItem, membershipChange } from '@baton/contract'
import { Anchor, Button, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useApiPages } from '../api/use-api.ts'
import { useWholeList } from '../app/use-whole-list.ts'
import { useTexts } from '../texts/use-texts.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { When } from '../ui/when.tsx'
import { WhyDrawer, type WhyOf } from './why-drawer.tsx'

/** Who came in and went out, newest first, and why. */
export const ChangesTab = ({ segmentId }: { readonly segmentId: string }) => {
  const t = useTexts()
  const changes = useApiPages(`/v1/segments/${segmentId}/changes`, membershipChange, { refetchMs: 10_000 })
  const [asked, setAsked] = useState<WhyOf | null>(null)
  const columns = useMemo(
    (): readonly Column<MembershipChangeItem>[] => [
      {
        id: 'person',
        title: t('segments.changes.person'),
        cell: (row) => (
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to="/people/$personId" params={{ personId: row.personId }} {...props} />}
          >
            {row.label}
          </Anchor>
        ),
        value: (row) => row.label,
      },
      {
        id: 'what',
        title: t('segments.changes.what'),
        cell: (row) => (
          <StateBadge
            state={row.entered ? 'entered' : 'left'}
            tone={row.entered ? 'good' : 'calm'}
            label={t(row.entered ? 'segments.changes.entered' : 'segments.changes.left')}
          />
        ),
        value: (row) => (row.entered ? 'in' : 'out'),
      },
      {
        id: 'when',
        title: t('segments.changes.when'),
        cell: (row) => <When at={row.at} />,
        value: (row) => new Date(row.at).toISOString(),
      },
      {
        id: 'cause',
        title: t('segments.changes.cause'),
        wideOnly: true,
        cell: (row) => t(`segments.causes.${row.cause}`),
        value: (row) => row.cause,
      },
      {
        id: 'known',
        title: t('segments.changes.known'),
        wideOnly: true,
        cell: (row) => (
          <Text span inherit c="dimmed">
            <When at={row.knownAt} />
          </Text>
        ),
        value: (row) => new Date(row.knownAt).toISOString(),
      },
      {
        id: 'why',
        title: t('segments.members.why'),
        width: 90,
        cell: (row) => (
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={t('segments.members.whyOf', { who: row.label })}
            onClick={() => setAsked({ personId: row.personId, label: row.label })}
          >
            {t('segments.members.why')}
          </Button>
        ),
      },
    ],
    [t],
  )
  return (
    <>
      <DataTable
        name={t('segments.changes.list')}
        columns={columns}
        rows={changes.items}
        rowKey={(row) => row.seq}
        error={changes.error}
        onRetry={() => void changes.refetch()}
        loadMore={changes.loadMore}
        isLoadingMore={changes.isLoadingMore}
        wholeList={useWholeList(`/v1/segments/${segmentId}/changes`)}
        empty={<EmptyLine>{t('segments.changes.empty')}</EmptyLine>}
      />
      <WhyDrawer segmentId={segmentId} asked={asked} onClose={() => setAsked(null)} />
    </>
  )
}
