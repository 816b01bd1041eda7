import { Box, Container, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Logo } from '../ui/logo.tsx'

/** The frame of pages outside the shell: the mark, and one narrow column. */
export const Centered = ({ children, width = 420 }: { readonly children: ReactNode; readonly width?: number }) => (
  <Box component="main" mih="100dvh" py="xl" bg="var(--baton-surface)">
    <Container size={width} px="md" pt={{ base: 8, sm: 56 }}>
      <Group gap={10} mb="lg" justify="center">
        <Logo size={30} />
        <Text fw={650} fz={20}>
          Baton
        </Text>
      </Group>
      {children}
    </Container>
  </Box>
)
