import { useRouter } from '@tanstack/react-router'
import { chooseWorkspace } from '../api/workspace-choice.ts'

declare module '@tanstack/react-router' {
  interface HistoryState {
    readonly entering?: string
  }
}

/**
 * Changes to another workspace, at its first page: what was open belongs to the former one. Where something unsaved keeps
 * the page from being left, nothing changes.
 */
export const useEnterWorkspace = () => {
  const router = useRouter()
  return (id: string): void => {
    const stop = router.subscribe('onBeforeLoad', ({ toLocation }) => {
      stop()
      if (toLocation.state.entering === id) chooseWorkspace(id)
    })
    void router.navigate({ to: '/', state: { entering: id } })
  }
}
