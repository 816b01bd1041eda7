import { Button } from '@mantine/core'
import IconCloudOff from '@tabler/icons-react/dist/esm/icons/IconCloudOff.mjs'
import { type Query, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { askAgainMs, isServerAway } from '../api/away.ts'
import { useAskSession } from '../api/session.ts'
import { describeError } from '../api/use-action.ts'
import { useTexts } from '../texts/use-texts.ts'
import { When } from '../ui/when.tsx'
import { isBehind, isSessionOver, mostBehind, useQueriesSeen } from './behind.ts'
import classes from './shell.module.css'

/** Each answer to a question is a new state, so that this is the same only while nothing is new. */
const oldestState = (queries: readonly Query[]) => mostBehind(queries)?.state ?? null

/** Says on every page that what it shows is not up to date, since when and why, and asks for it until it is. */
export const StaleBanner = () => {
  const t = useTexts()
  const behind = useQueriesSeen(oldestState)
  const askAgain = useAskAgain(behind !== null && isServerAway(behind.error))
  useSessionOver()
  return (
    <div role="status" className={classes.status}>
      {behind === null ? null : (
        <div className={classes.stale}>
          <span>
            <IconCloudOff size={15} className={classes.flask ?? ''} aria-hidden />
            <strong>
              {t('shell.stale.since')} <When at={behind.dataUpdatedAt} exact />.
            </strong>{' '}
            {describeError(behind.error).message}
          </span>
          <Button variant="default" size="compact-sm" onClick={askAgain}>
            {t('ui.tryAgain')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** Asks for all that is behind; while Baton is away of itself, because not every page asks again. */
const useAskAgain = (isAway: boolean) => {
  const queries = useQueryClient()
  const askAgain = useCallback(
    () => void queries.refetchQueries({ predicate: isBehind }, { cancelRefetch: false }),
    [queries],
  )
  useEffect(() => {
    if (!isAway) return
    const timer = setInterval(askAgain, askAgainMs)
    return () => clearInterval(timer)
  }, [isAway, askAgain])
  return askAgain
}

/** Where an answer says that nobody is signed in, the session is asked, which leads to the sign-in. */
const useSessionOver = () => {
  const isOver = useQueriesSeen(isSessionOver)
  const askSession = useAskSession()
  useEffect(() => {
    if (isOver) askSession()
  }, [isOver, askSession])
}
