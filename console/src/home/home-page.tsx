import { type Home, home as homeSchema } from '@baton/contract'
import { Anchor, Grid, Skeleton, Stack } from '@mantine/core'
import IconActivity from '@tabler/icons-react/dist/esm/icons/IconActivity.mjs'
import { Link } from '@tanstack/react-router'
import { useApi } from '../api/use-api.ts'
import { useHere } from '../app/session-context.ts'
import { FirstEventCommand } from '../collect/first-event-command.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Panel } from '../ui/panel.tsx'
import { AttentionPanel } from './attention-panel.tsx'
import { ChecklistPanel } from './checklist-panel.tsx'
import { EquityRow } from './equity-row.tsx'
import { HomeFlow } from './home-flow.tsx'
import { TodayPanel } from './today-panel.tsx'

export const HomePage = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const home = useApi('/v1/home', homeSchema, { refetchMs: 10_000 })
  return (
    <>
      <PageHeader title={t('shell.nav.home')} lead={t('home.lead', { name: workspace.name })} />
      {home.data === undefined ? (
        home.error === null ? (
          <Loading />
        ) : (
          <ErrorPanel error={home.error} onRetry={() => void home.refetch()} />
        )
      ) : (
        <Content home={home.data} />
      )}
    </>
  )
}

const Content = ({ home }: { readonly home: Home }) => {
  const t = useTexts()
  const nothingCame = home.checklist.some((step) => step.key === 'first-event' && step.done === false)
  if (nothingCame) {
    return (
      <Stack gap="md">
        <EmptyState
          icon={IconActivity}
          title={t('home.empty.title')}
          lead={t('home.empty.lead')}
          action={<FirstEventCommand />}
        />
        <ChecklistPanel checklist={home.checklist} />
      </Stack>
    )
  }
  return (
    <Stack gap="md">
      <EquityRow home={home} />
      <TodayPanel today={home.today} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7, lg: 8 }}>
          <Panel
            title={t('home.flow.title')}
            aside={
              <Anchor size="sm" renderRoot={(props) => <Link to="/lifecycle" {...props} />}>
                {t('home.flow.open')}
              </Anchor>
            }
          >
            <HomeFlow home={home} />
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5, lg: 4 }}>
          <Stack gap="md">
            <AttentionPanel home={home} />
            <ChecklistPanel checklist={home.checklist} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  )
}

const Loading = () => {
  const t = useTexts()
  return (
    <Stack role="status" aria-label={t('ui.loading')}>
      <Skeleton height={104} />
      <Skeleton height={150} />
      <Skeleton height={340} />
    </Stack>
  )
}
