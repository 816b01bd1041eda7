import { Tabs } from '@mantine/core'
import { seesEquity } from '../app/reach.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { EmptyLine } from '../ui/empty-line.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { ForwardView } from './forward-view.tsx'
import { StatementView } from './statement-view.tsx'

const firstView = { view: 'period' }

export const EquityPage = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const { values, set } = useUrlFilters(firstView)
  return (
    <>
      <PageHeader title={t('shell.nav.equity')} lead={t('equity.lead')} />
      {seesEquity(workspace) ? (
        <Tabs value={values.view} onChange={(view) => set({ view: view ?? 'period' })} keepMounted={false}>
          <Tabs.List mb="md" aria-label={t('equity.views.label')}>
            <Tabs.Tab value="period">{t('equity.views.period')}</Tabs.Tab>
            <Tabs.Tab value="forward">{t('equity.views.forward')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="period">
            <StatementView />
          </Tabs.Panel>
          <Tabs.Panel value="forward">
            <ForwardView />
          </Tabs.Panel>
        </Tabs>
      ) : (
        <EmptyLine>{t('equity.hidden')}</EmptyLine>
      )}
    </>
  )
}
