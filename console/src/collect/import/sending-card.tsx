import type { ImportJob } from '@baton/contract'
import { useTexts } from '../../texts/use-texts.ts'
import { formatBytes } from './file-size.ts'
import { percentOf } from './import-progress.ts'
import { ProgressCard } from './progress-card.tsx'
import type { SentFile } from './use-sending.ts'
import { useStopImport } from './use-stop-import.ts'

interface SendingCardProps {
  readonly sent: SentFile
  /** The import as the server knows it, once its first bytes are there. */
  readonly job: ImportJob | undefined
}

/** The file that this tab is sending. */
export const SendingCard = ({ sent: { file, stop }, job }: SendingCardProps) => {
  const t = useTexts()
  // The server is told first: a line that breaks without a word would be a failure.
  const stopJob = useStopImport(() => stop.abort())
  return (
    <ProgressCard
      takesFocus
      name={file.name}
      percent={job === undefined ? 0 : percentOf(job, file.size)}
      isStopping={stopJob.isPending}
      onStop={() => (job === undefined ? stop.abort() : stopJob.mutate(job.importId))}
    >
      {t('imports.running.sending', { sent: formatBytes(job?.bytes ?? 0), size: formatBytes(file.size) })}
    </ProgressCard>
  )
}
