import { useMantineColorScheme } from '@mantine/core'
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight'
import IconBuildingStore from '@tabler/icons-react/dist/esm/icons/IconBuildingStore.mjs'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { settings } from '../texts/en/settings.ts'
import { useTexts } from '../texts/use-texts.ts'
import { createItems, navItems } from './nav.ts'
import { useHere } from './session-context.ts'
import classes from './shell.module.css'
import { useEnterWorkspace } from './use-enter-workspace.ts'
import { usePaletteFinds } from './use-palette-finds.tsx'
import { useSignOut } from './use-sign-out.ts'

/** The parts of the settings, as the catalogue names them. */
const { sections } = settings

/** mod+K: every page, every "create", the workspaces, and a search for people. */
export const Palette = ({ onKeys }: { readonly onKeys: () => void }) => {
  const t = useTexts()
  const [query, setQuery] = useState('')
  const actions = usePaletteActions(query.trim(), onKeys)
  return (
    <Spotlight
      actions={actions}
      query={query}
      onQueryChange={setQuery}
      shortcut="mod + K"
      nothingFound={t('shell.palette.nothing')}
      highlightQuery
      scrollable
      maxHeight={420}
      attributes={{ content: { 'aria-label': t('shell.palette.title') } }}
      classNames={{ actionsGroup: classes.paletteGroup ?? '' }}
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
      centered={false}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: t('shell.palette.placeholder'),
        'aria-label': t('shell.palette.placeholder'),
      }}
    />
  )
}

const usePaletteActions = (query: string, onKeys: () => void): SpotlightActionGroupData[] => {
  const t = useTexts()
  const navigate = useNavigate()
  const { workspace, workspaces } = useHere()
  const { setColorScheme } = useMantineColorScheme()
  const leave = useSignOut()
  const enter = useEnterWorkspace()
  const others = workspaces.filter(({ id }) => id !== workspace.id)
  const go = (to: string) => () => void navigate({ to })

  const finds = usePaletteFinds(query, go)

  const search: SpotlightActionData[] = [
    {
      id: 'search-people',
      label: t('shell.palette.people', { query }),
      leftSection: <IconSearch size={18} aria-hidden />,
      onClick: () => void navigate({ to: '/people', search: { q: query } }),
    },
  ]
  const groups: SpotlightActionGroupData[] = [
    { group: t('shell.palette.searchGroup'), actions: query === '' ? [] : search },
    { group: t('shell.palette.found'), actions: finds },
    {
      group: t('shell.palette.goTo'),
      actions: [
        ...navItems.map((item) => ({
          id: item.to,
          label: t(item.label),
          leftSection: <item.icon size={18} stroke={1.7} aria-hidden />,
          onClick: go(item.to),
        })),
        { id: '/messages/templates', label: t('messages.templates'), onClick: go('/messages/templates') },
        ...Object.keys(sections).map((section) => ({
          id: `/settings/${section}`,
          label: `${t('shell.nav.settings')}: ${t.code('settings.sections', section)}`,
          onClick: go(`/settings/${section}`),
        })),
      ],
    },
    {
      group: t('shell.palette.createGroup'),
      actions: createItems
        .filter((item) => workspace.permissions.includes(item.permission))
        .map((item) => ({
          id: item.to,
          label: t(item.label),
          leftSection: <IconPlus size={18} aria-hidden />,
          onClick: go(item.to),
        })),
    },
    {
      group: t('shell.workspaces'),
      actions: others.map((other) => ({
        id: other.id,
        label: other.name,
        leftSection: <IconBuildingStore size={18} stroke={1.7} aria-hidden />,
        onClick: () => enter(other.id),
      })),
    },
    {
      group: t('shell.palette.more'),
      actions: [
        { id: 'keys', label: t('shell.keys.title'), onClick: onKeys },
        { id: 'scheme-light', label: t('shell.palette.light'), onClick: () => setColorScheme('light') },
        { id: 'scheme-dark', label: t('shell.palette.dark'), onClick: () => setColorScheme('dark') },
        { id: 'scheme-auto', label: t('shell.palette.auto'), onClick: () => setColorScheme('auto') },
        { id: 'sign-out', label: t('shell.signOut'), onClick: leave },
      ],
    },
  ]
  return groups.filter((group) => group.actions.length > 0)
}
