import { createContext, use } from 'react'
import type { Session, SessionWorkspace } from '../api/session.ts'

export interface Here {
  readonly user: Session['user']
  readonly workspace: SessionWorkspace
  readonly workspaces: readonly SessionWorkspace[]
}

export const HereContext = createContext<Here | null>(null)

/** The person and the workspace of this page; only inside the shell. */
export const useHere = (): Here => {
  const here = use(HereContext)
  if (here === null)
    throw new Error('useHere is for pages inside the shell: register the page with page(), not outside()')
  return here
}
