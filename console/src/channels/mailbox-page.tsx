import { emailChannel, type MailboxItem, mailboxItem } from '@baton/contract'
import { Alert, Anchor, Button, Group, Paper, Skeleton, Stack, Text } from '@mantine/core'
import IconArrowBackUp from '@tabler/icons-react/dist/esm/icons/IconArrowBackUp.mjs'
import IconInbox from '@tabler/icons-react/dist/esm/icons/IconInbox.mjs'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useApi, useApiPages } from '../api/use-api.ts'
import { useTexts } from '../texts/use-texts.ts'
import { EmptyLine } from '../ui/empty-line.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { When } from '../ui/when.tsx'
import { MailReader } from './mail-reader.tsx'
import classes from './mailbox.module.css'

const filterDefaults = { q: '' }

/** The local mailbox: the list at the left, the mail at the right; on a phone one after the other. */
export const MailboxPage = () => {
  const t = useTexts()
  const params: { readonly mailId?: string } = useParams({ strict: false })
  const filters = useUrlFilters(filterDefaults)
  const mails = useApiPages('/v1/mailbox', mailboxItem, {
    query: { search: filters.values.q },
    refetchMs: 5_000,
    keep: true,
  })
  const opened = params.mailId ?? null
  return (
    <>
      <PageHeader title={t('mailbox.title')} lead={opened === null ? t('mailbox.lead') : undefined} />
      <GoesElsewhere />
      <div className={classes.panes} data-reading={opened !== null || undefined}>
        <section className={classes.list} aria-label={t('mailbox.list')}>
          <FilterBar filters={filters} search={t('mailbox.search')} />
          <MailList mails={mails} opened={opened} isFiltered={filters.isFiltered} />
        </section>
        <section className={classes.reader} aria-label={t('mailbox.frame')}>
          {opened === null ? <EmptyLine>{t('mailbox.choose')}</EmptyLine> : <MailReader key={opened} mailId={opened} />}
        </section>
      </div>
    </>
  )
}

const GoesElsewhere = () => {
  const t = useTexts()
  const { data } = useApi('/v1/channels/email', emailChannel)
  if (data === undefined || data.sendsBy === 'mailbox') return null
  return (
    <Alert color="blue" mb="sm">
      <Group gap="xs">
        <Text>{t('mailbox.smtp')}</Text>
        <Anchor
          size="sm"
          renderRoot={(props) => <Link to="/settings/$section" params={{ section: 'email' }} {...props} />}
        >
          {t('mailbox.setUp')}
        </Anchor>
      </Group>
    </Alert>
  )
}

interface MailListProps {
  readonly mails: ReturnType<typeof useApiPages<typeof mailboxItem>>
  readonly opened: string | null
  readonly isFiltered: boolean
}

const MailList = ({ mails, opened, isFiltered }: MailListProps) => {
  const t = useTexts()
  if (mails.error !== null && mails.items === undefined)
    return <ErrorPanel error={mails.error} onRetry={() => void mails.refetch()} />
  if (mails.items === undefined) {
    return (
      <Stack gap={6} role="status" aria-label={t('ui.loading')}>
        {[1, 2, 3, 4].map((each) => (
          <Skeleton key={each} height={64} />
        ))}
      </Stack>
    )
  }
  if (mails.items.length === 0) {
    return isFiltered ? (
      <EmptyLine>{t('ui.noMatch')}</EmptyLine>
    ) : (
      <EmptyState
        icon={IconInbox}
        title={t('mailbox.empty.title')}
        lead={t('mailbox.empty.lead')}
        action={<Button renderRoot={(props) => <Link to="/journeys" {...props} />}>{t('mailbox.empty.action')}</Button>}
      />
    )
  }
  return (
    <>
      <Paper withBorder component="ul" className={classes.mails ?? ''}>
        {mails.items.map((mail) => (
          <li key={mail.mailId}>
            <MailLine mail={mail} isOpen={mail.mailId === opened} />
          </li>
        ))}
      </Paper>
      {mails.loadMore === undefined ? null : (
        <Button variant="default" mt="xs" fullWidth onClick={mails.loadMore} loading={mails.isLoadingMore}>
          {t('ui.loadMore')}
        </Button>
      )}
    </>
  )
}

const MailLine = ({ mail, isOpen }: { readonly mail: MailboxItem; readonly isOpen: boolean }) => {
  const t = useTexts()
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  return (
    <Link
      to="/mailbox/$mailId"
      params={{ mailId: mail.mailId }}
      search={search}
      className={classes.mail}
      data-open={isOpen || undefined}
      {...(isOpen ? { 'aria-current': 'true' as const } : {})}
    >
      <Group gap={8} justify="space-between" wrap="nowrap">
        <Text fw={560} truncate>
          {mail.to}
        </Text>
        <When at={mail.at} size="xs" c="dimmed" />
      </Group>
      <Group gap={6} wrap="nowrap">
        {mail.repliedAt === null ? null : <IconArrowBackUp size={14} aria-label={t('mailbox.replied')} />}
        <Text truncate>{mail.subject}</Text>
      </Group>
      <Text size="xs" c="dimmed" truncate>
        {mail.preview}
      </Text>
    </Link>
  )
}
