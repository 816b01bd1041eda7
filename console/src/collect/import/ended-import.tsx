import type { ImportJob } from '@baton/contract'
import { Alert, Anchor, Stack, Text } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconCircleCheck from '@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs'
import IconPlayerStop from '@tabler/icons-react/dist/esm/icons/IconPlayerStop.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { formatCount } from '../../ui/numbers.ts'
import { ImportProblem } from './import-problem.tsx'
import { ImportTotals } from './import-totals.tsx'

interface EndedImportProps {
  readonly job: ImportJob
  readonly onOpen: () => void
  readonly onDismiss: () => void
}

const looks = {
  done: { color: 'teal', icon: <IconCircleCheck aria-hidden /> },
  partly: { color: 'yellow', icon: <IconAlertTriangle aria-hidden /> },
  stopped: { color: 'gray', icon: <IconPlayerStop aria-hidden /> },
  failed: { color: 'red', icon: <IconAlertTriangle aria-hidden /> },
} as const

/** How an import ended, said where it ran. */
export const EndedImport = ({ job, onOpen, onDismiss }: EndedImportProps) => {
  const t = useTexts()
  const name = job.fileName ?? t('imports.list.unnamed')
  const end = job.state === 'done' || job.state === 'stopped' ? job.state : 'failed'
  return (
    <Alert
      {...looks[end === 'done' && job.rejected > 0 ? 'partly' : end]}
      title={t(`imports.ended.${end}`, { name })}
      withCloseButton
      closeButtonLabel={t('imports.ended.dismiss', { name })}
      onClose={onDismiss}
    >
      <Stack gap={4} align="flex-start">
        <ImportProblem problem={job.problem} />
        {job.rows === 0 ? null : (
          <Text className="baton-numbers">
            {t('imports.ended.summary', {
              accepted: formatCount(job.accepted),
              rows: formatCount(job.rows),
              orders: formatCount(job.orders),
            })}{' '}
            {job.totals.length === 0 ? null : (
              <>
                {t('imports.ended.net')} <ImportTotals totals={job.totals} />.{' '}
              </>
            )}
            {end === 'done' ? t('imports.ended.check') : null}
          </Text>
        )}
        {end === 'stopped' ? <Text>{t('imports.ended.stoppedLead')}</Text> : null}
        {job.rejected === 0 ? null : (
          <Text>{t('imports.ended.rejected', { count: job.rejected, rows: formatCount(job.rejected) })}</Text>
        )}
        <Anchor component="button" type="button" inherit fz="sm" onClick={onOpen}>
          {job.rejected === 0 ? t('imports.ended.details') : t('imports.ended.see')}
        </Anchor>
      </Stack>
    </Alert>
  )
}
