import { type Template, template } from '@baton/contract'
import { Button, Text } from '@mantine/core'
import IconTemplate from '@tabler/icons-react/dist/esm/icons/IconTemplate.mjs'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useApiPages } from '../api/use-api.ts'
import { useHere } from '../app/session-context.ts'
import { MessagesTabs } from '../messages/messages-tabs.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { When } from '../ui/when.tsx'
import { useTopics } from './use-topics.ts'

export const TemplatesPage = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const templates = useApiPages('/v1/templates', template)
  const columns = useColumns()
  const create = workspace.permissions.includes('content:write') ? <CreateButton /> : null
  return (
    <>
      <PageHeader title={t('messages.templates')} lead={t('messages.tpl.lead')} actions={create} />
      <MessagesTabs at="templates" />
      <DataTable
        name={t('messages.templates')}
        columns={columns}
        rows={templates.items}
        rowKey={(row) => row.templateId}
        rowTo={(row) => `/messages/templates/${row.templateId}`}
        error={templates.error}
        onRetry={() => void templates.refetch()}
        loadMore={templates.loadMore}
        isLoadingMore={templates.isLoadingMore}
        csv={false}
        empty={
          <EmptyState
            icon={IconTemplate}
            title={t('messages.tpl.empty')}
            lead={t('messages.tpl.lead')}
            action={create}
          />
        }
      />
    </>
  )
}

const CreateButton = () => {
  const t = useTexts()
  return (
    <Button
      renderRoot={(props) => <Link to="/messages/templates/$templateId" params={{ templateId: 'new' }} {...props} />}
    >
      {t('messages.tpl.create')}
    </Button>
  )
}

const useColumns = (): readonly Column<Template>[] => {
  const t = useTexts()
  const topics = useTopics()
  return useMemo(
    () => [
      { id: 'name', title: t('messages.tpl.name'), cell: (row) => row.name, value: (row) => row.name },
      {
        id: 'subject',
        title: t('messages.tpl.subject'),
        wideOnly: true,
        cell: (row) => (
          <Text span inherit c="dimmed" lineClamp={1} maw={460}>
            {row.subject}
          </Text>
        ),
      },
      {
        id: 'topic',
        title: t('messages.tpl.topic'),
        cell: (row) => topics.find(({ value }) => value === row.topic)?.label ?? row.topic,
        value: (row) => row.topic,
      },
      {
        id: 'version',
        title: '#',
        numeric: true,
        wideOnly: true,
        cell: (row) => row.version,
        value: (row) => row.version,
      },
      {
        id: 'changed',
        title: t('messages.tpl.changed'),
        wideOnly: true,
        cell: (row) => <When at={row.updatedAt} c="dimmed" />,
        value: (row) => row.updatedAt,
      },
    ],
    [t, topics],
  )
}
