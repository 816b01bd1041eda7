import { Avatar, Box, Menu, Text, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconLogout from '@tabler/icons-react/dist/esm/icons/IconLogout.mjs'
import { useTexts } from '../texts/use-texts.ts'
import { useHere } from './session-context.ts'
import classes from './shell.module.css'
import { useSignOut } from './use-sign-out.ts'

const schemes = ['auto', 'light', 'dark'] as const

export const UserMenu = () => {
  const t = useTexts()
  const { user } = useHere()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const leave = useSignOut()
  return (
    <Menu width={224} position="top-start" shadow="md">
      <Menu.Target>
        <UnstyledButton className={classes.plain ?? ''}>
          <Avatar size={26} radius="xl" name={user.name} color="baton" variant="filled" aria-hidden />
          <Box miw={0}>
            <Text truncate lh={1.25}>
              {user.name}
            </Text>
            <Text truncate size="xs" c="dimmed" lh={1.25}>
              {user.email}
            </Text>
          </Box>
          <VisuallyHidden>{t('shell.userMenu')}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('shell.scheme.label')}</Menu.Label>
        {schemes.map((scheme) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            rightSection={scheme === colorScheme ? <IconCheck size={15} aria-label={t('shell.current')} /> : null}
          >
            {t(`shell.scheme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={leave}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
