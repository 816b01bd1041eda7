import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { signOut } from '../api/session.ts'
import { useAction } from '../api/use-action.ts'

/** Ends the session and forgets every answer it gave. */
export const useSignOut = (): (() => void) => {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const leave = useAction({
    run: signOut,
    onDone: () => {
      queries.clear()
      void navigate({ to: '/sign-in', ignoreBlocker: true })
    },
  })
  return () => leave.mutate()
}
