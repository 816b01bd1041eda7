import { Anchor, Text, Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { formatCount, formatShare } from '../ui/numbers.ts'
import classes from './lifecycle.module.css'
import type { StateView, TrackView } from './phases.ts'

interface StateCellProps {
  readonly track: TrackView
  readonly state: StateView
  readonly people: number
}

/** One state of the board: how many, how many of them at risk, or why it can't be told yet. */
export const StateCell = ({ track, state, people }: StateCellProps) => {
  const t = useTexts()
  const key = `${track.track}:${state.state}`
  const toPeople: string = `/people?state=${key}`
  const share = people === 0 ? 0 : state.count / people
  return (
    <div className={classes.state}>
      <div className={classes.head}>
        <span className={classes.trackName}>{track.title}</span>
        <h3 className={classes.title}>{state.title}</h3>
      </div>
      {state.missing === undefined ? (
        <>
          <Tooltip label={state.meaning} multiline maw={300}>
            <Link
              to={toPeople}
              className={classes.count}
              data-none={state.count === 0 || undefined}
              aria-label={`${state.title}: ${t('lifecycle.people', { count: state.count })}`}
            >
              {formatCount(state.count)}
            </Link>
          </Tooltip>
          <div className={classes.share} title={formatShare(share)} data-outside={state.phase === null || undefined}>
            <span style={{ width: `${share * 100}%` }} />
          </div>
        </>
      ) : (
        <Text size="xs" mt={2}>
          <Text span inherit fw={550}>
            {t('lifecycle.notYet')}.
          </Text>{' '}
          <Text span inherit c="dimmed">
            {state.missing}
          </Text>
        </Text>
      )}
      {state.atRisk === 0 ? null : (
        <Anchor
          size="xs"
          mt={4}
          display="inline-block"
          c="var(--mantine-color-orange-light-color)"
          title={t('lifecycle.atRiskWhy')}
          renderRoot={(props) => <Link to={`/lifecycle?risk=${key}`} resetScroll={false} {...props} />}
        >
          {t('lifecycle.atRisk', { count: state.atRisk })}
        </Anchor>
      )}
    </div>
  )
}
