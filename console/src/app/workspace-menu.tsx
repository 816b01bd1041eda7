import { Badge, Box, Menu, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconSelector from '@tabler/icons-react/dist/esm/icons/IconSelector.mjs'
import { useTexts } from '../texts/use-texts.ts'
import { Logo } from '../ui/logo.tsx'
import { useHere } from './session-context.ts'
import classes from './shell.module.css'
import { useEnterWorkspace } from './use-enter-workspace.ts'

/** Name and kind of the workspace; opens the list of the others. */
export const WorkspaceMenu = () => {
  const t = useTexts()
  const { workspace, workspaces } = useHere()
  const enter = useEnterWorkspace()
  return (
    <Menu width={240} position="bottom-start" shadow="md">
      <Menu.Target>
        <UnstyledButton className={classes.plain ?? ''}>
          <Logo size={26} />
          <Box miw={0} flex={1}>
            <Text fw={600} truncate lh={1.3}>
              {workspace.name}
            </Text>
            {workspace.isSample ? (
              <Badge size="xs" color="yellow">
                {t('shell.sample.badge')}
              </Badge>
            ) : null}
          </Box>
          <VisuallyHidden>{t('shell.workspaceMenu')}</VisuallyHidden>
          <IconSelector size={15} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('shell.workspaces')}</Menu.Label>
        {workspaces.map((other) => (
          <Menu.Item
            key={other.id}
            onClick={() => enter(other.id)}
            rightSection={other.id === workspace.id ? <IconCheck size={15} aria-label={t('shell.current')} /> : null}
          >
            {other.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
