import type { Permission } from '@baton/contract'
import type { Icon } from '@tabler/icons-react'
import IconActivity from '@tabler/icons-react/dist/esm/icons/IconActivity.mjs'
import IconChartBar from '@tabler/icons-react/dist/esm/icons/IconChartBar.mjs'
import IconFileImport from '@tabler/icons-react/dist/esm/icons/IconFileImport.mjs'
import IconFilter from '@tabler/icons-react/dist/esm/icons/IconFilter.mjs'
import IconHeartbeat from '@tabler/icons-react/dist/esm/icons/IconHeartbeat.mjs'
import IconHome from '@tabler/icons-react/dist/esm/icons/IconHome.mjs'
import IconInbox from '@tabler/icons-react/dist/esm/icons/IconInbox.mjs'
import IconProgress from '@tabler/icons-react/dist/esm/icons/IconProgress.mjs'
import IconReceipt from '@tabler/icons-react/dist/esm/icons/IconReceipt.mjs'
import IconRoute from '@tabler/icons-react/dist/esm/icons/IconRoute.mjs'
import IconSend from '@tabler/icons-react/dist/esm/icons/IconSend.mjs'
import IconSettings from '@tabler/icons-react/dist/esm/icons/IconSettings.mjs'
import IconUsers from '@tabler/icons-react/dist/esm/icons/IconUsers.mjs'
import type { TextKey } from '../texts/use-texts.ts'

export interface NavItem {
  readonly to: string
  readonly label: TextKey
  readonly icon: Icon
  /** Pressed after `g`. */
  readonly key: string
}

export interface NavGroup {
  readonly id: string
  readonly label?: TextKey
  readonly items: readonly NavItem[]
}

/** One line a page in the side navigation, the palette and the `g` keys. */
export const navGroups: readonly NavGroup[] = [
  {
    id: 'now',
    items: [
      { to: '/', label: 'shell.nav.home', icon: IconHome, key: 'h' },
      { to: '/live', label: 'shell.nav.live', icon: IconActivity, key: 'e' },
      { to: '/imports', label: 'shell.nav.imports', icon: IconFileImport, key: 'i' },
    ],
  },
  {
    id: 'know',
    label: 'shell.nav.know',
    items: [
      { to: '/people', label: 'shell.nav.people', icon: IconUsers, key: 'p' },
      { to: '/segments', label: 'shell.nav.segments', icon: IconFilter, key: 's' },
      { to: '/lifecycle', label: 'shell.nav.lifecycle', icon: IconProgress, key: 'l' },
    ],
  },
  {
    id: 'engage',
    label: 'shell.nav.engage',
    items: [
      { to: '/journeys', label: 'shell.nav.journeys', icon: IconRoute, key: 'j' },
      { to: '/messages', label: 'shell.nav.messages', icon: IconSend, key: 'm' },
      { to: '/mailbox', label: 'shell.nav.mailbox', icon: IconInbox, key: 'b' },
    ],
  },
  {
    id: 'measure',
    label: 'shell.nav.measure',
    items: [
      { to: '/equity', label: 'shell.nav.equity', icon: IconChartBar, key: 'q' },
      { to: '/costs', label: 'shell.nav.costs', icon: IconReceipt, key: 'c' },
    ],
  },
  {
    id: 'run',
    label: 'shell.nav.run',
    items: [
      { to: '/operations', label: 'shell.nav.operations', icon: IconHeartbeat, key: 'o' },
      { to: '/settings', label: 'shell.nav.settings', icon: IconSettings, key: 't' },
    ],
  },
]

export interface CreateItem {
  readonly to: string
  readonly label: TextKey
  /** Pressed after `c`. */
  readonly key: string
  readonly permission: Permission
}

export const createItems: readonly CreateItem[] = [
  { to: '/journeys/new', label: 'shell.create.journey', key: 'j', permission: 'journeys:write' },
  { to: '/segments/new', label: 'shell.create.segment', key: 's', permission: 'segments:write' },
  { to: '/messages/templates/new', label: 'shell.create.template', key: 't', permission: 'content:write' },
  { to: '/costs?add=one', label: 'shell.create.cost', key: 'c', permission: 'money:write' },
]

export const navItems: readonly NavItem[] = navGroups.flatMap((group) => group.items)
