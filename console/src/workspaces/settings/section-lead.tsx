import { Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** The sentence a section of the settings begins with. */
export const SectionLead = ({ children }: { readonly children: ReactNode }) => (
  <Text c="dimmed" maw={680} mb="md">
    {children}
  </Text>
)
