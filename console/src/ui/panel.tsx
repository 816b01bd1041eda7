import { Group, Paper, type PaperProps, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

export interface PanelProps extends PaperProps {
  readonly title?: string
  /** At the right of the title: a link, a switch, a download. */
  readonly aside?: ReactNode
  readonly children?: ReactNode
}

/** A bordered part of a page; with a title it is a region of its own for screen readers. */
export const Panel = ({ title, aside, children, ...paper }: PanelProps) => {
  const titleId = useId()
  return (
    <Paper
      withBorder
      p="md"
      {...paper}
      {...(title === undefined ? {} : { component: 'section', 'aria-labelledby': titleId })}
    >
      {title === undefined && aside === undefined ? null : (
        <Group justify="space-between" mb="sm" gap="xs" mih={28}>
          {title === undefined ? (
            <span />
          ) : (
            <Title order={2} id={titleId}>
              {title}
            </Title>
          )}
          {aside}
        </Group>
      )}
      {children}
    </Paper>
  )
}
