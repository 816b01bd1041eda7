import { Box } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useRouter } from '@tanstack/react-router'
import { ErrorPanel } from '../ui/error-panel.tsx'

/** What a page shows when it breaks; the shell around it stays usable. */
export const PageError = ({ error, reset }: ErrorComponentProps) => {
  const router = useRouter()
  const retry = () => {
    reset()
    void router.invalidate()
  }
  return (
    <Box maw={640}>
      <ErrorPanel error={error} onRetry={retry} />
    </Box>
  )
}
