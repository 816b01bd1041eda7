import { Skeleton, Stack } from '@mantine/core'
import IconProgress from '@tabler/icons-react/dist/esm/icons/IconProgress.mjs'
import { FirstEventCommand } from '../collect/first-event-command.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { When } from '../ui/when.tsx'
import { Board } from './board.tsx'
import { FlowsPanel } from './flows-panel.tsx'
import { LostAfter } from './lost-after.tsx'
import { NeededTraits } from './needed-traits.tsx'
import { PhaseOwners } from './phase-owners.tsx'
import { RiskDrawer } from './risk-drawer.tsx'
import { useLifeCycle } from './use-life-cycle.ts'

const noRisk = { risk: '' }

export const LifecyclePage = () => {
  const t = useTexts()
  const { view, error, refetch } = useLifeCycle({ refetchMs: 10_000 })
  const { values, set } = useUrlFilters(noRisk)
  return (
    <>
      <PageHeader
        title={t('shell.nav.lifecycle')}
        lead={
          <>
            {t('lifecycle.lead')}
            {view === undefined ? null : (
              <>
                {` ${t('lifecycle.people', { count: view.people })}, ${t('lifecycle.asOf')} `}
                <When at={view.asOf} />.
              </>
            )}
          </>
        }
        actions={
          <>
            <NeededTraits />
            <LostAfter />
            <PhaseOwners />
          </>
        }
      />
      {view === undefined && error !== null ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : null}
      {view === undefined && error === null ? (
        <Skeleton height={420} role="status" aria-label={t('ui.loading')} />
      ) : null}
      {view === undefined ? null : (
        <Stack gap="md">
          {view.people > 0 ? null : (
            <EmptyState
              icon={IconProgress}
              title={t('lifecycle.empty.title')}
              lead={t('lifecycle.empty.lead')}
              action={<FirstEventCommand />}
            />
          )}
          <Board view={view} />
          {view.people === 0 ? null : <FlowsPanel view={view} />}
        </Stack>
      )}
      <RiskDrawer of={values.risk} onClose={() => set({ risk: '' })} />
    </>
  )
}
