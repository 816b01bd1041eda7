import { Stack } from '@mantine/core'
import { useHere } from '../../app/session-context.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { EmptyLine } from '../../ui/empty-line.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { useUrlFilters } from '../../ui/url-filters.ts'
import { ImportDrawer } from './import-drawer.tsx'
import { ImportsTable } from './imports-table.tsx'
import { NewImport } from './new-import.tsx'
import { SendingCard } from './sending-card.tsx'
import { useImports, useWatched } from './use-imports.ts'
import { useSending } from './use-sending.ts'
import { WatchedImport } from './watched-import.tsx'

export const ImportsPage = () => {
  const t = useTexts()
  const { workspace } = useHere()
  return (
    <>
      <PageHeader title={t('shell.nav.imports')} lead={t('imports.lead')} />
      {workspace.permissions.includes('people:read') ? (
        <Imports key={workspace.id} />
      ) : (
        <EmptyLine>{t('imports.hidden')}</EmptyLine>
      )}
    </>
  )
}

/** `?import=` opens one of them. */
const closed = { import: '' }

const Imports = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const { values, set } = useUrlFilters(closed)
  const mayImport = workspace.permissions.includes('people:write')
  const { start, sending, error } = useSending((importId) => watch(importId))
  const imports = useImports(sending !== undefined)
  const items = imports.items ?? []
  const { watched, watch, dismiss } = useWatched(items)
  // What this tab sends has a card of its own, which knows the size of the file.
  const arriving = items.find((job) => job.state === 'receiving' && job.fileName === sending?.file.name)
  return (
    <Stack gap="md">
      {sending === undefined ? null : <SendingCard sent={sending} job={arriving} />}
      {watched
        .filter((job) => job !== arriving)
        .map((job) => (
          <WatchedImport
            key={job.importId}
            job={job}
            mayStop={mayImport}
            onOpen={() => set({ import: job.importId })}
            onDismiss={() => dismiss(job.importId)}
          />
        ))}
      {mayImport ? (
        <NewImport isSending={sending !== undefined} error={error} lastSource={items[0]?.source} onStart={start} />
      ) : (
        <EmptyLine>{t('imports.mayNot')}</EmptyLine>
      )}
      <ImportsTable imports={imports} />
      <ImportDrawer
        importId={values.import}
        known={items.find((job) => job.importId === values.import)}
        onClose={() => set({ import: '' })}
      />
    </Stack>
  )
}
