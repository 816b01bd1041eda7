import type { LiveEvent } from '@baton/contract'
import { Alert, Button, CopyButton, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs'
import IconTerminal2 from '@tabler/icons-react/dist/esm/icons/IconTerminal2.mjs'
import IconUser from '@tabler/icons-react/dist/esm/icons/IconUser.mjs'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { When } from '../ui/when.tsx'
import { eventCurl } from './event-curl.ts'
import { PrettyPayload, RawPayload } from './payload-view.tsx'
import { useRefusal } from './use-refusal.ts'

export type PayloadLook = 'pretty' | 'raw'

interface EventDetailProps {
  readonly event: LiveEvent
  readonly look: PayloadLook
  readonly onLook: (look: PayloadLook) => void
}

export const EventDetail = ({ event, look, onLook }: EventDetailProps) => {
  const t = useTexts()
  return (
    <Stack gap="sm">
      <Outcome event={event} />
      <Group gap="4px 16px">
        <Fact label={t('live.received')}>
          <When at={event.receivedAt} exact />
        </Fact>
        {event.occurredAt === null ? null : (
          <Fact label={t('live.occurred')}>
            <When at={event.occurredAt} exact />
          </Fact>
        )}
        {event.messageId === null ? null : <Fact label={t('live.messageId')}>{event.messageId}</Fact>}
        <Fact label={t('live.position')}>{`${event.position}.${event.index}`}</Fact>
      </Group>
      <Group justify="space-between" gap="xs">
        <SegmentedControl
          size="xs"
          aria-label={t('live.view')}
          value={look}
          onChange={(value) => onLook(value === 'raw' ? 'raw' : 'pretty')}
          data={[
            { value: 'pretty', label: t('live.pretty') },
            { value: 'raw', label: t('live.raw') },
          ]}
        />
        <Group gap={6}>
          <Copy
            text={eventCurl(window.location.origin, t('start.firstRun.event.placeholder'), event.raw)}
            label={t('live.copyCurl')}
            icon={<IconTerminal2 size={14} aria-hidden />}
          />
          <Copy
            text={JSON.stringify(event.raw, null, 2)}
            label={t('live.copyJson')}
            icon={<IconCopy size={14} aria-hidden />}
          />
          {event.personId === null ? null : (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconUser size={14} aria-hidden />}
              renderRoot={(props) => <Link to={`/people/${event.personId}`} {...props} />}
            >
              {t('live.openPerson')}
            </Button>
          )}
        </Group>
      </Group>
      {look === 'pretty' ? <PrettyPayload value={event.raw} /> : <RawPayload value={event.raw} />}
    </Stack>
  )
}

const Fact = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <Text size="xs" component="span" style={{ overflowWrap: 'anywhere' }}>
    <Text span inherit c="dimmed">
      {label}{' '}
    </Text>
    {children}
  </Text>
)

const Copy = (props: { readonly text: string; readonly label: string; readonly icon: ReactNode }) => {
  const t = useTexts()
  return (
    <CopyButton value={props.text} timeout={1_500}>
      {({ copied, copy }) => (
        <Button size="compact-sm" variant="default" leftSection={props.icon} onClick={copy}>
          {copied ? t('ui.copied') : props.label}
        </Button>
      )}
    </CopyButton>
  )
}

/** Why it is not among the accepted, and what the sender should change. */
const Outcome = ({ event }: { readonly event: LiveEvent }) => {
  const t = useTexts()
  const refusal = useRefusal()
  if (event.verdict === 'quarantined') {
    return (
      <Alert color="red" py="xs" icon={<IconAlertTriangle aria-hidden />} title={t('live.why')}>
        <Text>{event.reason === null ? t('ui.unknown') : refusal(event.reason)}</Text>
        {event.remedy === null ? null : (
          <Text mt={2}>
            <strong>{t('ui.whatToDo')}:</strong> {event.remedy}
          </Text>
        )}
      </Alert>
    )
  }
  const said = sentenceOf(event)
  return said === null ? null : (
    <Text size="xs" c="dimmed">
      {t(said)}
    </Text>
  )
}

const sentenceOf = (event: LiveEvent) => {
  if (event.verdict === 'duplicate') return 'live.duplicateWhy' as const
  if (event.verdict === 'waiting') return 'live.waitingWhy' as const
  return event.historic ? ('live.historicWhy' as const) : null
}
