import { type TrashItem, trashList } from '@baton/contract'
import { Button, Stack, Title } from '@mantine/core'
import { anyAnswer, api } from '../../api/api.ts'
import { useAction } from '../../api/use-action.ts'
import { useApi } from '../../api/use-api.ts'
import { useHere } from '../../app/session-context.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyLine } from '../../ui/empty-line.tsx'
import { When } from '../../ui/when.tsx'
import { SectionLead } from './section-lead.tsx'

const kinds = [
  { kind: 'segments', permission: 'segments:write' },
  { kind: 'journeys', permission: 'journeys:write' },
  { kind: 'templates', permission: 'content:write' },
] as const
type Kind = (typeof kinds)[number]['kind']

/** What was deleted lately, and the way back. */
const TrashSection = () => {
  const t = useTexts()
  const { workspace } = useHere()
  return (
    <Stack>
      <SectionLead>{t('settings.trash.lead')}</SectionLead>
      {kinds.map(({ kind, permission }) => (
        <TrashOf key={kind} kind={kind} mayTakeBack={workspace.permissions.includes(permission)} />
      ))}
    </Stack>
  )
}

export default TrashSection

const TrashOf = ({ kind, mayTakeBack }: { readonly kind: Kind; readonly mayTakeBack: boolean }) => {
  const t = useTexts()
  const { data, error, refetch } = useApi(`/v1/trash/${kind}`, trashList)
  const takeBack = useAction({
    run: (id: string) => api.post(`/v1/${kind}/${id}/take-back`, {}, anyAnswer),
    refreshes: [`/v1/trash/${kind}`, `/v1/${kind}`],
    done: t('settings.trash.done'),
  })
  const columns: readonly Column<TrashItem>[] = [
    { id: 'name', title: t('settings.trash.name'), cell: (row) => row.name, value: (row) => row.name },
    {
      id: 'by',
      title: t('settings.trash.by'),
      wideOnly: true,
      cell: (row) => row.deletedBy,
      value: (row) => row.deletedBy,
    },
    {
      id: 'at',
      title: t('settings.trash.at'),
      cell: (row) => <When at={row.deletedAt} />,
      value: (row) => row.deletedAt,
    },
    {
      id: 'leaves',
      title: t('settings.trash.leaves'),
      wideOnly: true,
      cell: (row) => <When at={row.leavesAt} />,
      value: (row) => row.leavesAt,
    },
    {
      id: 'back',
      title: t('settings.trash.back'),
      cell: (row) =>
        mayTakeBack ? (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t('settings.trash.takeBackThis', { name: row.name })}
            loading={takeBack.isPending && takeBack.variables === row.id}
            onClick={() => takeBack.mutate(row.id)}
          >
            {t('settings.trash.takeBack')}
          </Button>
        ) : null,
    },
  ]
  return (
    <div>
      <Title order={2} mb="xs">
        {t(`settings.trash.${kind}`)}
      </Title>
      <DataTable
        name={t(`settings.trash.${kind}`)}
        columns={columns}
        rows={data?.items}
        rowKey={(row) => row.id}
        csv={false}
        error={error}
        onRetry={() => void refetch()}
        empty={<EmptyLine>{t('settings.trash.empty')}</EmptyLine>}
      />
    </div>
  )
}
