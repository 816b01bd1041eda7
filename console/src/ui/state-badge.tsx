import { Badge, type BadgeProps } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'

/** good: done as wished. busy: on its way. wait: held, needs time or somebody. bad: failed. calm: over or idle. */
export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'calm' | 'note'

const tones: Readonly<Record<string, Tone>> = {
  // messages
  planned: 'busy',
  held: 'wait',
  rendered: 'busy',
  intent: 'busy',
  accepted: 'good',
  refused: 'bad',
  uncertain: 'wait',
  dropped: 'calm',
  expired: 'calm',
  cancelled: 'calm',
  opened: 'good',
  clicked: 'good',
  replied: 'note',
  bounced: 'bad',
  complaint: 'bad',
  send: 'good',
  hold: 'wait',
  drop: 'calm',
  // journeys, runs, segments
  draft: 'calm',
  live: 'good',
  paused: 'wait',
  stopped: 'calm',
  archived: 'calm',
  active: 'busy',
  waiting: 'wait',
  finished: 'good',
  exited: 'calm',
  counting: 'busy',
  converted: 'good',
  // operations
  ok: 'good',
  up: 'good',
  ready: 'good',
  degraded: 'wait',
  warning: 'wait',
  down: 'bad',
  failed: 'bad',
  error: 'bad',
  starting: 'busy',
  // events
  stored: 'good',
  duplicate: 'calm',
  quarantined: 'bad',
  rejected: 'bad',
  historic: 'note',
}

const colours: Readonly<Record<Tone, string>> = {
  good: 'teal',
  busy: 'blue',
  wait: 'yellow',
  bad: 'red',
  calm: 'gray',
  note: 'baton',
}

export interface StateBadgeProps extends BadgeProps {
  /** A state's code as the API sends it; its text is `ui.states.<code>`, its tone known here. */
  readonly state: string
  /** Overrides the tone or, for a state of one's own, gives it. */
  readonly tone?: Tone
  readonly label?: string
}

export const StateBadge = ({ state, tone, label, ...badge }: StateBadgeProps) => {
  const t = useTexts()
  return (
    <Badge color={colours[tone ?? tones[state] ?? 'calm']} {...badge}>
      {label ?? t.code('ui.states', state)}
    </Badge>
  )
}
