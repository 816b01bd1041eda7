import { CloseButton, Group, Kbd, Text, UnstyledButton } from '@mantine/core'
import { spotlight } from '@mantine/spotlight'
import IconKeyboard from '@tabler/icons-react/dist/esm/icons/IconKeyboard.mjs'
import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { modKey } from './mod-key.ts'
import { navGroups } from './nav.ts'
import classes from './shell.module.css'
import { UserMenu } from './user-menu.tsx'
import { WorkspaceMenu } from './workspace-menu.tsx'

export const SideNav = ({ onKeys, onClose }: { readonly onKeys: () => void; readonly onClose: () => void }) => {
  const t = useTexts()
  return (
    <>
      <Group gap={4} wrap="nowrap">
        <WorkspaceMenu />
        <CloseButton hiddenFrom="sm" aria-label={t('shell.closeMenu')} onClick={onClose} />
      </Group>
      <UnstyledButton className={classes.search ?? ''} onClick={spotlight.open}>
        <IconSearch size={15} aria-hidden />
        {t('shell.search')}
        <kbd>{modKey} K</kbd>
      </UnstyledButton>
      <nav aria-label={t('shell.navigation')} className={classes.groups}>
        {navGroups.map((group) => (
          <div key={group.id}>
            {group.label === undefined ? null : (
              <div className={classes.groupLabel} id={`nav-${group.id}`}>
                {t(group.label)}
              </div>
            )}
            <ul
              className={classes.list}
              {...(group.label === undefined ? {} : { 'aria-labelledby': `nav-${group.id}` })}
            >
              {group.items.map((item) => (
                <li key={item.to}>
                  <Link
                    to={item.to}
                    className={classes.link}
                    activeOptions={{ exact: item.to === '/', includeSearch: false }}
                  >
                    <item.icon size={17} stroke={1.7} aria-hidden />
                    {t(item.label)}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <UnstyledButton className={classes.plain ?? ''} onClick={onKeys} visibleFrom="sm">
        <IconKeyboard size={17} stroke={1.7} aria-hidden />
        <Text>{t('shell.keys.title')}</Text>
        <Kbd ml="auto" size="xs">
          ?
        </Kbd>
      </UnstyledButton>
      <UserMenu />
    </>
  )
}
