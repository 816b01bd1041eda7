import { type MessageDetail, messageDetail } from '@baton/contract'
import { Alert, Anchor, Code, Grid, Group, Stack, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApi } from '../api/use-api.ts'
import { PagePending } from '../app/page-pending.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Panel } from '../ui/panel.tsx'
import { PersonName } from '../ui/person-name.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { When } from '../ui/when.tsx'
import { MessageContent } from './message-content.tsx'
import { MessageHistory } from './message-history.tsx'
import { useJourneyNames } from './use-journey-names.ts'

export const MessagePage = () => {
  const t = useTexts()
  const { messageId } = useParams({ from: '/inside/messages/$messageId' })
  const { data, error, refetch } = useApi(`/v1/messages/${messageId}`, messageDetail, { refetchMs: 10_000 })
  const back = { to: '/messages', label: t('messages.title') }
  if (data === undefined) {
    return error === null ? (
      <PagePending />
    ) : (
      <>
        <PageHeader title={t('messages.page.title')} back={back} />
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      </>
    )
  }
  return (
    <>
      <PageHeader
        title={data.subject ?? t('messages.page.title')}
        back={back}
        badge={
          <>
            <StateBadge state={data.state} />
            {data.openedAt === null ? null : <StateBadge state="opened" />}
            {data.clickedAt === null ? null : <StateBadge state="clicked" />}
            {data.repliedAt === null ? null : <StateBadge state="replied" />}
            {data.bouncedAt === null ? null : <StateBadge state="bounced" />}
          </>
        }
      />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <Decision message={data} />
            <MessageContent message={data} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Facts message={data} />
            <MessageHistory message={data} />
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  )
}

const titles = {
  send: 'messages.page.why',
  hold: 'messages.page.whyHeld',
  drop: 'messages.page.whyNot',
} as const

const colours = { send: 'teal', hold: 'yellow', drop: 'gray' } as const

/** The last decision in a sentence, with the rule and what it looked at; the earlier ones below. */
const Decision = ({ message }: { readonly message: MessageDetail }) => {
  const t = useTexts()
  const last = message.decisions.at(-1)
  if (last === undefined) {
    return (
      <Panel title={t('messages.page.whyPending')}>
        <Text c="dimmed">{t('messages.page.pendingLead')}</Text>
      </Panel>
    )
  }
  const earlier = message.decisions.slice(0, -1).toReversed()
  return (
    <Panel title={t(titles[last.outcome])} aside={<When at={last.at} size="xs" c="dimmed" />}>
      <Stack gap="sm">
        <Alert color={colours[last.outcome]} py="xs">
          <Text fw={550}>{last.sentence}</Text>
        </Alert>
        <dl style={{ margin: 0 }}>
          <Fact name={t('messages.page.rule')}>
            <Code>{last.rule}</Code>
          </Fact>
          <Fact name={t('messages.page.customer')}>{last.customerSentence}</Fact>
          {Object.entries(last.inputs).map(([name, value]) => (
            <Fact key={name} name={t.code('messages.page.inputs', name)}>
              <Code>{typeof value === 'string' ? value : JSON.stringify(value)}</Code>
            </Fact>
          ))}
        </dl>
        {earlier.length === 0 ? null : (
          <div>
            <Text size="xs" fw={550} c="dimmed" mb={4}>
              {t('messages.page.earlier')}
            </Text>
            <Stack gap={6} component="ol" m={0} p={0} style={{ listStyle: 'none' }}>
              {earlier.map((decision) => (
                <Group
                  key={decision.at}
                  component="li"
                  gap="xs"
                  justify="space-between"
                  wrap="nowrap"
                  align="flex-start"
                >
                  <Group gap={8} wrap="nowrap" align="flex-start">
                    <StateBadge state={decision.outcome} />
                    <Text>{decision.sentence}</Text>
                  </Group>
                  <When at={decision.at} size="xs" c="dimmed" />
                </Group>
              ))}
            </Stack>
          </div>
        )}
      </Stack>
    </Panel>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <Group gap="md" wrap="nowrap" align="flex-start" py={4}>
    <Text component="dt" c="dimmed" w={120} style={{ flex: 'none', overflowWrap: 'anywhere' }}>
      {name}
    </Text>
    <Text component="dd" m={0} miw={0} style={{ overflowWrap: 'anywhere' }}>
      {children}
    </Text>
  </Group>
)

const JourneyOf = ({ message: { journeyId, runId } }: { readonly message: MessageDetail }) => {
  const t = useTexts()
  const journeys = useJourneyNames()
  if (journeyId === null)
    return (
      <Anchor inherit renderRoot={(props) => <Link to="/settings/forms" {...props} />}>
        {t('messages.byForm')}
      </Anchor>
    )
  return (
    <Anchor
      inherit
      renderRoot={(props) => (
        <Link to="/journeys/$journeyId" params={{ journeyId }} search={{ tab: 'people', run: runId }} {...props} />
      )}
    >
      {journeys.get(journeyId) ?? t('messages.page.run')}
    </Anchor>
  )
}

/** Until then it may still leave; afterwards its deadline says nothing any more. */
const waiting = new Set<MessageDetail['state']>(['planned', 'held', 'rendered', 'intent'])

const Facts = ({ message }: { readonly message: MessageDetail }) => {
  const t = useTexts()
  return (
    <Panel>
      <dl style={{ margin: 0 }}>
        <Fact name={t('messages.page.person')}>
          <PersonName personId={message.personId} />
        </Fact>
        <Fact name={t('messages.page.address')}>
          {message.to ?? (
            <Text span inherit c="dimmed">
              {t('messages.noAddress')}
            </Text>
          )}
        </Fact>
        <Fact name={t(message.journeyId === null ? 'messages.page.plannedBy' : 'messages.page.journeyStep')}>
          <JourneyOf message={message} />
        </Fact>
        <Fact name={t('messages.page.topic')}>{message.topic}</Fact>
        <Fact name={t('messages.page.purpose')}>{t.code('journeys.purposes', message.purpose)}</Fact>
        <Fact name={t('messages.page.phase')}>{t.code('journeys.phases', message.phase)}</Fact>
        <Fact name={t('messages.page.channel')}>{t.code('messages.channels', message.channel)}</Fact>
        {message.handedOverAt === null ? null : (
          <Fact name={t('messages.page.handedOver')}>
            <When at={message.handedOverAt} />
          </Fact>
        )}
        {waiting.has(message.state) ? (
          <Fact name={t('messages.page.deadline')}>
            <When at={message.deadlineAt} />
          </Fact>
        ) : null}
      </dl>
    </Panel>
  )
}
