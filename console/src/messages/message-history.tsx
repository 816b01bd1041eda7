import type { MessageDetail, MessageState } from '@baton/contract'
import type { Icon } from '@tabler/icons-react'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconArrowBackUp from '@tabler/icons-react/dist/esm/icons/IconArrowBackUp.mjs'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconClick from '@tabler/icons-react/dist/esm/icons/IconClick.mjs'
import IconClockPause from '@tabler/icons-react/dist/esm/icons/IconClockPause.mjs'
import IconMailOpened from '@tabler/icons-react/dist/esm/icons/IconMailOpened.mjs'
import IconPencil from '@tabler/icons-react/dist/esm/icons/IconPencil.mjs'
import IconSend from '@tabler/icons-react/dist/esm/icons/IconSend.mjs'
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import { useTexts } from '../texts/use-texts.ts'
import { Panel } from '../ui/panel.tsx'
import type { Tone } from '../ui/state-badge.tsx'
import { Timeline, type TimelineItem } from '../ui/timeline.tsx'

const stateIcons: Readonly<Record<MessageState, Icon>> = {
  planned: IconPencil,
  held: IconClockPause,
  rendered: IconPencil,
  intent: IconSend,
  accepted: IconCheck,
  refused: IconX,
  uncertain: IconAlertTriangle,
  dropped: IconX,
  expired: IconX,
  cancelled: IconX,
}
const stateTones: Readonly<Partial<Record<MessageState, Tone>>> = {
  held: 'wait',
  accepted: 'good',
  refused: 'bad',
  uncertain: 'wait',
}

type TrackingKind = MessageDetail['tracking'][number]['kind']
const trackingIcons: Readonly<Record<TrackingKind, Icon>> = {
  open: IconMailOpened,
  click: IconClick,
  reply: IconArrowBackUp,
  bounce: IconAlertTriangle,
  complaint: IconAlertTriangle,
  unsubscribe: IconX,
  verified: IconCheck,
  consented: IconCheck,
}
const trackingTones: Readonly<Record<TrackingKind, Tone>> = {
  open: 'good',
  click: 'good',
  reply: 'note',
  bounce: 'bad',
  complaint: 'bad',
  unsubscribe: 'wait',
  verified: 'good',
  consented: 'good',
}

/** From planned to the last thing that came back, newest first. */
export const MessageHistory = ({ message }: { readonly message: MessageDetail }) => {
  const t = useTexts()
  const changes = message.transitions.map(
    (change, index): TimelineItem => ({
      id: `state ${index}`,
      at: change.at,
      icon: stateIcons[change.to],
      title: t.code('ui.states', change.to),
      lead:
        change.detail === '' ? (change.reason === null ? undefined : t.code('reasons', change.reason)) : change.detail,
      tone: stateTones[change.to] ?? 'calm',
    }),
  )
  const back = message.tracking.map(
    (one, index): TimelineItem => ({
      id: `back ${index}`,
      at: one.at,
      icon: trackingIcons[one.kind],
      title: t(`messages.tracking.${one.kind}`),
      lead: one.detail === '' ? undefined : one.detail,
      tone: trackingTones[one.kind],
    }),
  )
  const items = [...changes, ...back].toSorted((a, b) => Number(a.at) - Number(b.at)).toReversed()
  return (
    <Panel title={t('messages.page.happened')}>
      <Timeline label={t('messages.page.happened')} items={items} />
    </Panel>
  )
}
