import { AppShell, Box, Burger, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Outlet, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { Logo } from '../ui/logo.tsx'
import { UnsavedGuard } from '../ui/unsaved-guard.tsx'
import { KeysHelp } from './keys-help.tsx'
import { Palette } from './palette.tsx'
import { SampleBanner } from './sample-banner.tsx'
import classes from './shell.module.css'
import { SideNav } from './side-nav.tsx'
import { StaleBanner } from './stale-banner.tsx'
import { useNavigationKeys } from './use-navigation-keys.ts'

/** The frame of every page inside: navigation, palette, keys, the banners, and the page. */
export const Shell = () => {
  const t = useTexts()
  const [navOpen, nav] = useDisclosure(false)
  const [keysOpen, keys] = useDisclosure(false)
  const main = useRef<HTMLDivElement>(null)
  const { pathname } = useLocation()
  useNavigationKeys(keys.open)
  useFocusOnNewPage(main, pathname)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes when the page changes
  useEffect(nav.close, [pathname])

  return (
    <>
      <a href="#page" className={classes.skip}>
        {t('shell.skip')}
      </a>
      <AppShell
        layout="alt"
        header={{ height: { base: 50, sm: 0 } }}
        navbar={{ width: 224, breakpoint: 'sm', collapsed: { mobile: !navOpen } }}
      >
        <AppShell.Header className={classes.header ?? ''} hiddenFrom="sm">
          <Group h="100%" px="sm" gap="sm">
            <Burger
              opened={navOpen}
              onClick={nav.toggle}
              size="sm"
              aria-label={t('shell.menu')}
              aria-expanded={navOpen}
            />
            <Logo size={22} />
            <Text fw={600}>Baton</Text>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes.navbar ?? ''}>
          <SideNav onKeys={keys.open} onClose={nav.close} />
        </AppShell.Navbar>
        <AppShell.Main>
          <StaleBanner />
          <SampleBanner />
          <Box id="page" ref={main} tabIndex={-1} className={classes.page ?? ''} style={{ outline: 'none' }}>
            <UnsavedGuard>
              <Outlet />
            </UnsavedGuard>
          </Box>
        </AppShell.Main>
      </AppShell>
      <Palette onKeys={keys.open} />
      <KeysHelp opened={keysOpen} onClose={keys.close} />
    </>
  )
}

/** After a change of page the next Tab starts in the page, as after a full load; not on the first page. */
const useFocusOnNewPage = (main: React.RefObject<HTMLDivElement | null>, pathname: string): void => {
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current === pathname) return
    shown.current = pathname
    main.current?.focus({ preventScroll: true })
  }, [main, pathname])
}
