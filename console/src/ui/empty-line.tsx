import { Paper, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** A quiet line in place of a list or chart that has nothing for these filters or this period. */
export const EmptyLine = ({ children }: { readonly children: ReactNode }) => (
  <Paper withBorder p="lg" ta="center" bg="var(--baton-surface)">
    <Text c="dimmed" component="div">
      {children}
    </Text>
  </Paper>
)
