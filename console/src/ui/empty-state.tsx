import { Code, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { Copyable } from './copyable.tsx'

export interface EmptyStateProps {
  readonly title: string
  /** What this list is for, in a sentence or two. */
  readonly lead: ReactNode
  readonly icon?: Icon
  /** The primary button. */
  readonly action?: ReactNode
  /** The "use a template" button. */
  readonly template?: ReactNode
  /** A command that fills the list, with the real key. */
  readonly curl?: string
}

export const EmptyState = ({ title, lead, icon: IconOf, action, template, curl }: EmptyStateProps) => {
  const t = useTexts()
  return (
    <Paper withBorder py={40} px="lg" ta="center" bg="var(--baton-surface)">
      <Stack align="center" gap={6}>
        {IconOf === undefined ? null : (
          <IconOf size={30} stroke={1.5} color="var(--mantine-color-dimmed)" aria-hidden />
        )}
        <Title order={2}>{title}</Title>
        <Text c="dimmed" maw={520}>
          {lead}
        </Text>
        {action === undefined && template === undefined ? null : (
          <Group mt="sm" gap="xs" justify="center">
            {action}
            {template}
          </Group>
        )}
        {curl === undefined ? null : (
          <Stack mt="md" gap={4} w="100%" maw={680} align="stretch" ta="start">
            <Text c="dimmed" size="xs">
              {t('ui.orByApi')}
            </Text>
            <CommandLine command={curl} />
          </Stack>
        )}
      </Stack>
    </Paper>
  )
}

/** A command to copy; long lines wrap, the copy has them whole. */
export const CommandLine = ({ command }: { readonly command: string }) => (
  <Group gap={6} wrap="nowrap" align="flex-start">
    <Code block flex={1} miw={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {command}
    </Code>
    <Copyable value={command} iconOnly />
  </Group>
)
