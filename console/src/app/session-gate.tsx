import { useLocation } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type SessionAnswer, useKeepWorkspaceChosen, useSessionAnswer } from '../api/session.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { AwayPage } from './away-page.tsx'
import { Centered } from './centered.tsx'
import { PagePending } from './page-pending.tsx'
import { Redirect } from './redirect.tsx'
import { HereContext } from './session-context.ts'
import { Shell } from './shell.tsx'

/** Lets a session through to the shell, sends everybody else to sign in or, on a new Baton, to the first run. */
export const SessionGate = () => {
  const answer = useSessionAnswer()
  const workspace = useKeepWorkspaceChosen(answer.data)
  const { href } = useLocation()
  if (answer.isPending) return <PagePending />
  if (answer.data === undefined) {
    return (
      <Centered>
        <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />
      </Centered>
    )
  }
  if (answer.data.kind === 'away') return <AwayPage away={answer.data} onRetry={() => void answer.refetch()} />
  if (answer.data.kind === 'first-run') return <Redirect to="/first-run" />
  if (answer.data.kind === 'signed-out') return <Redirect to={signInPath(href)} />
  if (answer.data.session.workspaces.length === 0) return <NoWorkspace />
  if (workspace === undefined) return <PagePending />
  // By its workspace: a form that was open in one must not be saved into another.
  return <Inside key={workspace.id} session={answer.data} workspaceId={workspace.id} />
}

const signInPath = (wanted: string): string =>
  wanted === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(wanted)}`

type SignedIn = Extract<SessionAnswer, { kind: 'signed-in' }>

const Inside = ({
  session: { session },
  workspaceId,
}: {
  readonly session: SignedIn
  readonly workspaceId: string
}) => {
  const here = useMemo(() => {
    const workspace = session.workspaces.find(({ id }) => id === workspaceId)
    return workspace === undefined ? null : { user: session.user, workspace, workspaces: session.workspaces }
  }, [session, workspaceId])
  return (
    <HereContext value={here}>
      <Shell />
    </HereContext>
  )
}

const NoWorkspace = () => {
  const t = useTexts()
  return (
    <Centered>
      <ErrorPanel error={new Error(t('shell.noWorkspace'))} />
    </Centered>
  )
}
