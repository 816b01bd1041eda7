import { Text, type TextProps, Tooltip } from '@mantine/core'
import { use } from 'react'
import { HereContext } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { exactTime, relativeTime } from './relative-time.ts'
import { useNow } from './use-now.ts'

export interface WhenProps extends TextProps {
  /** Epoch milliseconds or ISO text; null says "never". */
  readonly at: number | string | null
  /** Writes the exact time in place of the relative one. */
  readonly exact?: boolean
}

/** A relative time, the exact one in the workspace's time zone on hover. */
export const When = ({ at, exact = false, ...text }: WhenProps) => {
  const t = useTexts()
  const machineMs = useNow()
  const here = use(HereContext)
  // A simulated workspace lives at its own time.
  const nowMs = here?.workspace.clockAt ?? machineMs
  if (at === null) {
    return (
      <Text span inherit c="dimmed" {...text}>
        {t('ui.never')}
      </Text>
    )
  }
  const atMs = typeof at === 'number' ? at : Date.parse(at)
  if (!Number.isFinite(atMs)) return <span>{String(at)}</span>
  const full = exactTime(atMs, here?.workspace.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
  return (
    <Tooltip label={full}>
      <Text
        span
        inherit
        component="time"
        dateTime={new Date(atMs).toISOString()}
        style={{ whiteSpace: 'nowrap' }}
        {...text}
      >
        {exact ? full : (relativeTime(atMs, nowMs) ?? t('ui.now'))}
      </Text>
    </Tooltip>
  )
}
