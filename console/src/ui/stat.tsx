import { Anchor, Group, Paper, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

export interface StatProps {
  readonly label: string
  /** Formatted text or <MoneyText>. */
  readonly value: ReactNode
  /** Against the last period: the text and whether it is good. */
  readonly change?: { readonly text: string; readonly good: boolean | null }
  readonly hint?: ReactNode
  /** A small chart beside the figure. */
  readonly chart?: ReactNode
  /** The people or rows behind the figure. */
  readonly to?: string
}

const changeColour = (good: boolean | null): string => {
  if (good === null) return 'dimmed'
  return good ? 'var(--mantine-color-teal-text)' : 'var(--mantine-color-red-text)'
}

/** One figure with its name; put several into a SimpleGrid. */
export const Stat = ({ label, value, change, hint, chart, to }: StatProps) => (
  <Paper withBorder p="md" pos="relative">
    <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
      <div>
        <Text size="xs" fw={500} c="dimmed">
          {to === undefined ? (
            label
          ) : (
            <Anchor inherit c="dimmed" underline="hover" renderRoot={(props) => <Link to={to} {...props} />}>
              {label}
            </Anchor>
          )}
        </Text>
        <Group gap={8} align="baseline" mt={2}>
          <Text fz={22} fw={620} lh={1.3} className="baton-numbers" component="div">
            {value}
          </Text>
          {change === undefined ? null : (
            <Text size="xs" fw={550} c={changeColour(change.good)} className="baton-numbers">
              {change.text}
            </Text>
          )}
        </Group>
        {hint === undefined ? null : (
          <Text size="xs" c="dimmed" mt={2} component="div">
            {hint}
          </Text>
        )}
      </div>
      {chart}
    </Group>
  </Paper>
)
