import type { TimelineItem } from '@baton/contract'
import type { Icon } from '@tabler/icons-react'
import IconBolt from '@tabler/icons-react/dist/esm/icons/IconBolt.mjs'
import IconEye from '@tabler/icons-react/dist/esm/icons/IconEye.mjs'
import IconFilter from '@tabler/icons-react/dist/esm/icons/IconFilter.mjs'
import IconMail from '@tabler/icons-react/dist/esm/icons/IconMail.mjs'
import IconMailOff from '@tabler/icons-react/dist/esm/icons/IconMailOff.mjs'
import IconProgress from '@tabler/icons-react/dist/esm/icons/IconProgress.mjs'
import IconRoute from '@tabler/icons-react/dist/esm/icons/IconRoute.mjs'
import IconShoppingCart from '@tabler/icons-react/dist/esm/icons/IconShoppingCart.mjs'
import IconUserCheck from '@tabler/icons-react/dist/esm/icons/IconUserCheck.mjs'
import IconUsersGroup from '@tabler/icons-react/dist/esm/icons/IconUsersGroup.mjs'
import type { Tone } from '../ui/state-badge.tsx'

export interface TimelineLook {
  readonly icon: Icon
  readonly tone: Tone
}

const notSent = new Set(['dropped', 'expired', 'cancelled', 'refused'])

const ofMessage = (state: unknown): TimelineLook => {
  if (state === 'refused') return { icon: IconMailOff, tone: 'bad' }
  if (notSent.has(String(state))) return { icon: IconMailOff, tone: 'calm' }
  if (state === 'held' || state === 'uncertain') return { icon: IconMail, tone: 'wait' }
  return { icon: IconMail, tone: state === 'accepted' ? 'good' : 'busy' }
}

const ofEvent = (name: string, type: unknown): TimelineLook => {
  if (/^(order|cart|checkout|product added)/i.test(name)) return { icon: IconShoppingCart, tone: 'good' }
  if (type === 'page' || type === 'screen' || /viewed$/i.test(name)) return { icon: IconEye, tone: 'calm' }
  if (type === 'identify') return { icon: IconUserCheck, tone: 'busy' }
  return { icon: IconBolt, tone: 'busy' }
}

/** Sign and colour of an entry, so that one kind is told from another at a glance. */
export const timelineLook = (item: TimelineItem): TimelineLook => {
  switch (item.kind) {
    case 'event':
      return ofEvent(item.title, item.data.type)
    case 'message':
      return ofMessage(item.data.state)
    case 'segment':
      return { icon: IconFilter, tone: 'note' }
    case 'life-cycle':
      return { icon: IconProgress, tone: 'note' }
    case 'journey':
      return { icon: IconRoute, tone: 'busy' }
    case 'merge':
      return { icon: IconUsersGroup, tone: 'wait' }
  }
}
