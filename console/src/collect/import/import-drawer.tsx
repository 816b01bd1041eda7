import { type ImportJob, importJob } from '@baton/contract'
import { Alert, Drawer, Group, Stack } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import { useApi } from '../../api/use-api.ts'
import { PagePending } from '../../app/page-pending.tsx'
import { useTexts } from '../../texts/use-texts.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { ImportFacts } from './import-facts.tsx'
import { ImportProblem } from './import-problem.tsx'
import { ImportStateBadge } from './import-state-badge.tsx'
import { RejectedRows } from './rejected-rows.tsx'

interface ImportDrawerProps {
  /** '' while none is open. */
  readonly importId: string
  /** From the list, where it is among the loaded ones; an older one is asked for. */
  readonly known: ImportJob | undefined
  readonly onClose: () => void
}

/** One import: what became of every row. */
export const ImportDrawer = ({ importId, known, onClose }: ImportDrawerProps) => {
  const t = useTexts()
  const asked = useApi(`/v1/imports/${importId}`, importJob, { enabled: importId !== '' && known === undefined })
  const job = known ?? asked.data
  return (
    <Drawer
      opened={importId !== ''}
      onClose={onClose}
      position="right"
      size="lg"
      title={job?.fileName ?? t('imports.details.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
      attributes={{ header: { role: 'presentation' } }}
      styles={{ title: { fontWeight: 600, overflowWrap: 'anywhere' } }}
    >
      {importId === '' ? null : job === undefined ? (
        <NotThere error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Stack gap="md">
          <Group>
            <ImportStateBadge state={job.state} />
          </Group>
          {job.problem === null ? null : (
            <Alert color="red" icon={<IconAlertTriangle aria-hidden />}>
              <ImportProblem problem={job.problem} />
            </Alert>
          )}
          <ImportFacts job={job} />
          <RejectedRows job={job} />
        </Stack>
      )}
    </Drawer>
  )
}

const NotThere = ({ error, onRetry }: { readonly error: Error | null; readonly onRetry: () => void }) =>
  error === null ? <PagePending /> : <ErrorPanel error={error} onRetry={onRetry} />
