import type { JourneyStepKind } from '@baton/contract'
import type { Icon } from '@tabler/icons-react'
import IconArrowsSplit from '@tabler/icons-react/dist/esm/icons/IconArrowsSplit.mjs'
import IconClock from '@tabler/icons-react/dist/esm/icons/IconClock.mjs'
import IconClockBolt from '@tabler/icons-react/dist/esm/icons/IconClockBolt.mjs'
import IconLogin2 from '@tabler/icons-react/dist/esm/icons/IconLogin2.mjs'
import IconLogout2 from '@tabler/icons-react/dist/esm/icons/IconLogout2.mjs'
import IconMail from '@tabler/icons-react/dist/esm/icons/IconMail.mjs'

export type BoxKind = JourneyStepKind | 'entry'

export const stepIcons: Readonly<Record<BoxKind, Icon>> = {
  entry: IconLogin2,
  delay: IconClock,
  'wait-for-event': IconClockBolt,
  branch: IconArrowsSplit,
  message: IconMail,
  exit: IconLogout2,
}

export const stepKinds = [
  'message',
  'delay',
  'wait-for-event',
  'branch',
  'exit',
] as const satisfies readonly JourneyStepKind[]
