import { Anchor, Box, Group, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import IconChevronLeft from '@tabler/icons-react/dist/esm/icons/IconChevronLeft.mjs'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

export interface PageHeaderProps {
  /** The page's h1 and the document's title. */
  readonly title: string
  readonly lead?: ReactNode
  /** A badge or two beside the title. */
  readonly badge?: ReactNode
  /** Buttons at the right, the primary one last. */
  readonly actions?: ReactNode
  /** The list this page came from. */
  readonly back?: { readonly to: string; readonly label: string }
}

export const PageHeader = ({ title, lead, badge, actions, back }: PageHeaderProps) => {
  useDocumentTitle(`${title} · Baton`)
  return (
    <Box mb="lg">
      {back === undefined ? null : (
        <Anchor
          mb={6}
          size="sm"
          c="dimmed"
          display="inline-flex"
          renderRoot={(props) => <Link to={back.to} {...props} />}
        >
          <Group gap={4} component="span">
            <IconChevronLeft size={14} aria-hidden />
            {back.label}
          </Group>
        </Anchor>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box miw={0}>
          <Group gap="xs" mih={32}>
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {badge}
          </Group>
          {lead === undefined ? null : (
            <Text c="dimmed" maw={720} mt={2}>
              {lead}
            </Text>
          )}
        </Box>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </Group>
    </Box>
  )
}
