import type { ImportJob } from '@baton/contract'
import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../../texts/use-texts.ts'
import { formatCount } from '../../ui/numbers.ts'
import { When } from '../../ui/when.tsx'
import { formatBytes } from './file-size.ts'
import classes from './import-facts.module.css'
import { ImportTotals } from './import-totals.tsx'

/** The figures to check against what one knows of the file. */
export const ImportFacts = ({ job }: { readonly job: ImportJob }) => {
  const t = useTexts()
  return (
    <Stack gap="xs">
      <dl className={classes.facts}>
        <Fact label={t('imports.details.started')}>
          <When at={job.createdAt} exact style={{ whiteSpace: 'normal' }} />
        </Fact>
        <Fact label={t('imports.details.by')}>{job.source}</Fact>
        <Fact label={t('imports.details.size')}>{formatBytes(job.bytes)}</Fact>
        <Fact label={t('imports.details.rows')}>{formatCount(job.rows)}</Fact>
        <Fact label={t('imports.details.accepted')}>{formatCount(job.accepted)}</Fact>
        <Fact label={t('imports.details.rejected')}>{formatCount(job.rejected)}</Fact>
        <Fact label={t('imports.details.orders')}>{formatCount(job.orders)}</Fact>
        <Fact label={t('imports.details.returns')} isPart>
          {formatCount(job.returns)}
        </Fact>
        <Fact label={t('imports.details.cancellations')} isPart>
          {formatCount(job.cancellations)}
        </Fact>
        <Fact label={t('imports.details.guestOrders')}>{formatCount(job.guestOrders)}</Fact>
        {job.customers === null ? null : (
          <Fact label={t('imports.details.customers')}>{formatCount(job.customers)}</Fact>
        )}
        <Fact label={t('imports.details.total')}>
          {job.totals.length === 0 ? t('imports.details.none') : <ImportTotals totals={job.totals} />}
        </Fact>
        {job.understood === null ? null : (
          <Fact label={t('imports.details.understood')}>
            <Understood understood={job.understood} />
          </Fact>
        )}
      </dl>
      <Text size="xs" c="dimmed">
        {t('imports.details.again')}
      </Text>
    </Stack>
  )
}

interface FactProps {
  readonly label: string
  /** A part of the figure above. */
  readonly isPart?: boolean
  readonly children: ReactNode
}

const Fact = ({ label, isPart = false, children }: FactProps) => (
  <>
    <dt data-part={isPart || undefined}>{label}</dt>
    <dd>{children}</dd>
  </>
)

const Understood = ({ understood }: { readonly understood: NonNullable<ImportJob['understood']> }) => {
  const t = useTexts()
  return [
    t.code('imports.details.separators', understood.separator),
    understood.header ? t('imports.details.withHeader') : t('imports.details.withoutHeader'),
    t.code('imports.details.dates', understood.dateFormat),
    understood.decimalMark === ',' ? t('imports.details.comma') : t('imports.details.point'),
  ].join(', ')
}
