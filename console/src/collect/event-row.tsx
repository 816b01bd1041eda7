import type { LiveEvent } from '@baton/contract'
import { Badge, UnstyledButton } from '@mantine/core'
import IconChevronRight from '@tabler/icons-react/dist/esm/icons/IconChevronRight.mjs'
import { useId } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { StateBadge, type Tone } from '../ui/state-badge.tsx'
import { When } from '../ui/when.tsx'
import { EventDetail, type PayloadLook } from './event-detail.tsx'
import classes from './live-events.module.css'
import { type PayloadLine, payloadLines } from './payload-view.tsx'
import { useRefusal } from './use-refusal.ts'

const tones: Readonly<Record<LiveEvent['verdict'], Tone>> = {
  accepted: 'good',
  duplicate: 'calm',
  quarantined: 'bad',
  system: 'note',
  waiting: 'busy',
}

const textOf = (raw: unknown, ...names: readonly string[]): string | null => {
  if (typeof raw !== 'object' || raw === null) return null
  const given: Readonly<Record<string, unknown>> = { ...raw }
  for (const name of names) {
    const value = given[name]
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') return String(value)
  }
  return null
}

/** A refused event keeps the name it was sent with, where it had one. */
const nameOf = (event: LiveEvent): string | null =>
  event.type === 'refused' ? textOf(event.raw, 'event', 'name') : event.name

/** The first few properties or traits, for a look in passing. */
const summaryOf = (raw: unknown): string => {
  if (typeof raw !== 'object' || raw === null) return ''
  const given: Readonly<Record<string, unknown>> = { ...raw }
  const inside = given.properties ?? given.traits
  return inside === undefined ? '' : shownLines(payloadLines(inside))
}

const shownLines = (lines: readonly PayloadLine[]): string =>
  lines
    .slice(0, 4)
    .map((line) => `${line.path} ${line.value}`)
    .join(' · ')

interface EventRowProps {
  readonly event: LiveEvent
  readonly isOpen: boolean
  readonly onToggle: () => void
  readonly look: PayloadLook
  readonly onLook: (look: PayloadLook) => void
}

export const EventRow = ({ event, isOpen, onToggle, look, onLook }: EventRowProps) => {
  const t = useTexts()
  const refusal = useRefusal()
  const detailId = useId()
  const type = textOf(event.raw, 'type') ?? event.type
  return (
    <li className={classes.row} data-verdict={event.verdict}>
      <UnstyledButton
        className={classes.head ?? ''}
        onClick={onToggle}
        aria-expanded={isOpen}
        aria-controls={detailId}
        data-event-row
      >
        <IconChevronRight size={14} aria-hidden className={classes.chevron} data-open={isOpen || undefined} />
        <span className={`${classes.time} ${classes.quiet} baton-numbers`}>
          <When at={event.receivedAt} />
        </span>
        <span className={`${classes.type} ${classes.quiet} ${classes.cut}`}>{type}</span>
        <span className={classes.name}>
          <span className={classes.cut}>{nameOf(event) ?? t('live.unnamed')}</span>
          {event.historic ? (
            <Badge size="xs" color="gray">
              {t('live.historic')}
            </Badge>
          ) : null}
        </span>
        <span className={`${classes.summary} ${classes.quiet} ${classes.cut}`}>
          {event.verdict === 'quarantined' && event.reason !== null ? refusal(event.reason) : summaryOf(event.raw)}
        </span>
        <span className={`${classes.who} ${classes.quiet} ${classes.cut} ${classes.mono}`}>
          {textOf(event.raw, 'userId', 'anonymousId', 'user_id') ?? t('live.nobody')}
        </span>
        <span className={classes.verdict}>
          <StateBadge
            state={event.verdict}
            tone={tones[event.verdict]}
            label={t.code('live.verdicts', event.verdict)}
          />
        </span>
      </UnstyledButton>
      <div id={detailId} hidden={!isOpen} className={classes.detail}>
        {isOpen ? <EventDetail event={event} look={look} onLook={onLook} /> : null}
      </div>
    </li>
  )
}
