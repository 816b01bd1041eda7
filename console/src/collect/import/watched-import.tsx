import type { ImportJob } from '@baton/contract'
import { useTexts } from '../../texts/use-texts.ts'
import { formatCount } from '../../ui/numbers.ts'
import { EndedImport } from './ended-import.tsx'
import { formatBytes } from './file-size.ts'
import { isRunning, percentOf } from './import-progress.ts'
import { ProgressCard } from './progress-card.tsx'
import { useStopImport } from './use-stop-import.ts'

interface WatchedImportProps {
  readonly job: ImportJob
  readonly mayStop: boolean
  readonly onOpen: () => void
  readonly onDismiss: () => void
}

/** An import at work, and then what came of it. */
export const WatchedImport = ({ job, mayStop, onOpen, onDismiss }: WatchedImportProps) => {
  const t = useTexts()
  const stop = useStopImport()
  const sayDoing = useDoing()
  if (!isRunning(job)) return <EndedImport job={job} onOpen={onOpen} onDismiss={onDismiss} />
  return (
    <ProgressCard
      name={job.fileName ?? t('imports.list.unnamed')}
      percent={percentOf(job, null)}
      isStopping={stop.isPending}
      onStop={mayStop ? () => stop.mutate(job.importId) : undefined}
    >
      {sayDoing(job)}
    </ProgressCard>
  )
}

const useDoing = () => {
  const t = useTexts()
  return (job: ImportJob): string => {
    if (job.state === 'receiving') return t('imports.running.receiving', { sent: formatBytes(job.bytes) })
    if (job.state === 'writing') return t('imports.running.writing', { orders: formatCount(job.orders) })
    return t('imports.running.reading', {
      read: formatBytes(job.bytesRead),
      size: formatBytes(job.bytes),
      rows: formatCount(job.rows),
    })
  }
}
