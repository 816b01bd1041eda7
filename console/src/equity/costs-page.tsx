import { Button, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import IconUpload from '@tabler/icons-react/dist/esm/icons/IconUpload.mjs'
import { useHere } from '../app/session-context.ts'
import { PhaseOwners } from '../lifecycle/phase-owners.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { EmptyLine } from '../ui/empty-line.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { CostForm } from './cost-form.tsx'
import { CostImport } from './cost-import.tsx'
import { CostsTable } from './costs-table.tsx'
import { ExchangeRates } from './exchange-rates.tsx'

/** `?add=one` opens the form, so that other pages can lead to it. */
const closed = { add: '' }

export const CostsPage = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const { values, set } = useUrlFilters(closed)
  const [importing, dialog] = useDisclosure(false)
  const mayWrite = workspace.permissions.includes('money:write')
  const addButton = (
    <Button leftSection={<IconPlus size={15} aria-hidden />} onClick={() => set({ add: 'one' })}>
      {t('costs.add')}
    </Button>
  )
  const importButton = (
    <Button variant="default" leftSection={<IconUpload size={15} aria-hidden />} onClick={dialog.open}>
      {t('costs.import')}
    </Button>
  )
  return (
    <>
      <PageHeader
        title={t('shell.nav.costs')}
        lead={t('costs.lead')}
        actions={
          <>
            <PhaseOwners />
            {mayWrite ? importButton : null}
            {mayWrite ? addButton : null}
          </>
        }
      />
      {workspace.permissions.includes('money:read') ? (
        <Stack gap="md">
          <CostsTable action={mayWrite ? addButton : null} template={mayWrite ? importButton : null} />
          <ExchangeRates />
        </Stack>
      ) : (
        <EmptyLine>{t('costs.hidden')}</EmptyLine>
      )}
      {mayWrite && values.add === 'one' ? <CostForm onClose={() => set({ add: '' })} /> : null}
      {mayWrite && importing ? <CostImport onClose={dialog.close} /> : null}
    </>
  )
}
