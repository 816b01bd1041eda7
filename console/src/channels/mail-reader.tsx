import { inboundAnswer, type MailboxDetail, mailboxDetail } from '@baton/contract'
import {
  Anchor,
  Button,
  Code,
  Collapse,
  Group,
  SegmentedControl,
  Stack,
  Table,
  Text,
  Textarea,
  Title,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import IconChevronLeft from '@tabler/icons-react/dist/esm/icons/IconChevronLeft.mjs'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useMemo, useState } from 'react'
import { api, withQuery } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useApi } from '../api/use-api.ts'
import { useChosenWorkspaceId } from '../api/workspace-choice.ts'
import { PagePending } from '../app/page-pending.tsx'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { MailFrame } from '../ui/mail-frame.tsx'
import { Panel } from '../ui/panel.tsx'
import { When } from '../ui/when.tsx'
import { linksOf } from './mail-links.ts'
import classes from './mailbox.module.css'

export const MailReader = ({ mailId }: { readonly mailId: string }) => {
  const t = useTexts()
  const { data, error, refetch } = useApi(`/v1/mailbox/${mailId}`, mailboxDetail)
  return (
    <Stack gap="sm">
      <Anchor
        size="sm"
        c="dimmed"
        className={classes.back ?? ''}
        renderRoot={(props) => <Link to="/mailbox" {...props} />}
      >
        <IconChevronLeft size={14} aria-hidden />
        {t('mailbox.back')}
      </Anchor>
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <PagePending /> : null}
      {data === undefined ? null : <Mail mail={data} />}
    </Stack>
  )
}

const Mail = ({ mail }: { readonly mail: MailboxDetail }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const workspaceId = useChosenWorkspaceId()
  const [view, setView] = useState('html')
  return (
    <>
      <Panel>
        <Stack gap={6}>
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <Title order={2} style={{ overflowWrap: 'anywhere' }}>
              {mail.subject}
            </Title>
            <When at={mail.at} size="xs" c="dimmed" />
          </Group>
          <Text c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {t('mailbox.from')} {mail.from} · {t('mailbox.to')} {mail.to}
          </Text>
          <Group gap="md">
            {mail.messageId === null ? null : (
              <LinkTo to={`/messages/${mail.messageId}`} label={t('mailbox.message')} />
            )}
            {mail.personId === null ? null : <LinkTo to={`/people/${mail.personId}`} label={t('mailbox.person')} />}
          </Group>
          <Headers mail={mail} />
        </Stack>
      </Panel>
      <Group justify="flex-end">
        <SegmentedControl
          size="xs"
          aria-label={t('mailbox.view')}
          value={view}
          onChange={setView}
          data={[
            { value: 'html', label: t('mailbox.html') },
            { value: 'text', label: t('mailbox.text') },
          ]}
        />
      </Group>
      {view === 'html' ? (
        <MailFrame
          src={withQuery(`/v1/mailbox/${mail.mailId}/html`, { workspace: workspaceId })}
          title={t('mailbox.frame')}
          height={600}
        />
      ) : (
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {mail.text}
        </Code>
      )}
      <Links html={mail.html} />
      {mail.messageId !== null && workspace.permissions.includes('people:write') ? <Reply mail={mail} /> : null}
    </>
  )
}

const LinkTo = ({ to, label }: { readonly to: string; readonly label: string }) => (
  <Anchor size="sm" renderRoot={(props) => <Link to={to} {...props} />}>
    {label}
  </Anchor>
)

const Headers = ({ mail }: { readonly mail: MailboxDetail }) => {
  const t = useTexts()
  const [open, { toggle }] = useDisclosure(false)
  return (
    <div>
      <Button variant="subtle" color="gray" size="compact-xs" onClick={toggle} aria-expanded={open} ml={-8}>
        {t('mailbox.headers')} ({mail.headers.length})
      </Button>
      <Collapse expanded={open}>
        {open ? (
          <Table fz="xs" layout="fixed" aria-label={t('mailbox.headers')}>
            <Table.Tbody>
              {mail.headers.map(({ name, value }) => (
                <Table.Tr key={`${name} ${value}`}>
                  <Table.Th scope="row" w={{ base: 110, sm: 190 }} style={{ overflowWrap: 'anywhere' }}>
                    {name}
                  </Table.Th>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        ) : null}
      </Collapse>
    </div>
  )
}

const Links = ({ html }: { readonly html: string }) => {
  const t = useTexts()
  const links = useMemo(() => linksOf(html), [html])
  if (links.length === 0) return null
  return (
    <Panel title={t('mailbox.links')}>
      <Text size="xs" c="dimmed" mb={6}>
        {t('mailbox.linksLead')}
      </Text>
      <ul className={classes.links}>
        {links.map(({ text, url }) => (
          <li key={url}>
            <Anchor href={url} target="_blank" rel="noopener noreferrer" size="sm">
              {text}
            </Anchor>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const Reply = ({ mail }: { readonly mail: MailboxDetail }) => {
  const t = useTexts()
  const [text, setText] = useState('')
  const [missing, setMissing] = useState(false)
  const reply = useAction({
    run: () => api.post(`/v1/mailbox/${mail.mailId}/reply`, { text }, inboundAnswer),
    refreshes: ['/v1/mailbox', '/v1/messages', '/v1/people'],
    done: t('mailbox.sent'),
    onDone: () => setText(''),
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    setMissing(text.trim() === '')
    if (text.trim() !== '') reply.mutate()
  }
  return (
    <Panel title={t('mailbox.reply')}>
      <form onSubmit={send}>
        <Stack gap="xs">
          <Textarea
            aria-label={t('mailbox.reply')}
            placeholder={t('mailbox.replyPlaceholder')}
            description={t('mailbox.replyHint')}
            autosize
            minRows={3}
            maxRows={10}
            maxLength={20_000}
            value={text}
            error={missing ? t('mailbox.replyMissing') : undefined}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={reply.isPending}>
              {t('mailbox.send')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  )
}
