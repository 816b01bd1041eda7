import { type SegmentMember, segmentMember } from '@baton/contract'
import { Button, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useApiPages } from '../api/use-api.ts'
import { useWholeList } from '../app/use-whole-list.ts'
import { useTexts } from '../texts/use-texts.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { When } from '../ui/when.tsx'
import { WhyDrawer, type WhyOf } from './why-drawer.tsx'

interface MembersTabProps {
  readonly segmentId: string
  readonly isCounting: boolean
}

export const MembersTab = ({ segmentId, isCounting }: MembersTabProps) => {
  const t = useTexts()
  const members = useApiPages(`/v1/segments/${segmentId}/members`, segmentMember, {
    refetchMs: isCounting ? 1_500 : 15_000,
  })
  const [asked, setAsked] = useState<WhyOf | null>(null)
  const columns = useMemo(
    (): readonly Column<SegmentMember>[] => [
      { id: 'person', title: t('segments.members.person'), cell: (row) => row.label, value: (row) => row.label },
      {
        id: 'email',
        title: t('segments.members.email'),
        wideOnly: true,
        cell: (row) => row.email ?? <Text c="dimmed">{t('segments.preview.noEmail')}</Text>,
        value: (row) => row.email,
      },
      {
        id: 'since',
        title: t('segments.members.since'),
        cell: (row) =>
          row.since === null ? <Text c="dimmed">{t('segments.members.before')}</Text> : <When at={row.since} />,
        value: (row) => (row.since === null ? null : new Date(row.since).toISOString()),
      },
      {
        id: 'cause',
        title: t('segments.members.cause'),
        wideOnly: true,
        cell: (row) => (row.cause === null ? null : t.code('segments.causes', row.cause)),
        value: (row) => row.cause,
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
        name={t('segments.members.list')}
        columns={columns}
        rows={members.items}
        rowKey={(row) => row.personId}
        rowTo={(row) => `/people/${row.personId}`}
        error={members.error}
        onRetry={() => void members.refetch()}
        loadMore={members.loadMore}
        isLoadingMore={members.isLoadingMore}
        wholeList={useWholeList(`/v1/segments/${segmentId}/members`)}
        empty={<EmptyLine>{t(isCounting ? 'segments.preview.counting' : 'segments.members.empty')}</EmptyLine>}
      />
      <WhyDrawer segmentId={segmentId} asked={asked} onClose={() => setAsked(null)} />
    </>
  )
}
