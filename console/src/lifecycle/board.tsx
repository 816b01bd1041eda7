import { type Phase, type PhaseKey, phases as phasesSchema } from '@baton/contract'
import { Text } from '@mantine/core'
import { Fragment } from 'react'
import { useApi } from '../api/use-api.ts'
import { useTexts } from '../texts/use-texts.ts'
import classes from './lifecycle.module.css'
import { type LifeCycleView, phaseOrder } from './phases.ts'
import { StateCell } from './state-cell.tsx'

/** Three tracks by five phases and what lies outside; a column a phase, with its owner. */
export const Board = ({ view }: { readonly view: LifeCycleView }) => {
  const t = useTexts()
  const phases = useApi('/v1/phases', phasesSchema)
  return (
    <section className={classes.board} aria-label={t('lifecycle.board')}>
      <div className={`${classes.track} ${classes.corner}`}>{t('lifecycle.track')}</div>
      {view.tracks.map((track) => (
        <div key={track.track} className={classes.track}>
          {track.title}
        </div>
      ))}
      {phaseOrder.map((phase) => (
        <Fragment key={phase ?? 'outside'}>
          <PhaseHead phase={phase} known={phases.data?.find((one) => one.phase === phase)} />
          {view.tracks.map((track) => (
            <div key={track.track} className={classes.cell}>
              {track.states
                .filter((state) => state.phase === phase)
                .map((state) => (
                  <StateCell key={state.state} track={track} state={state} people={view.people} />
                ))}
            </div>
          ))}
        </Fragment>
      ))}
    </section>
  )
}

interface PhaseHeadProps {
  readonly phase: PhaseKey | null
  readonly known: Phase | undefined
}

const PhaseHead = ({ phase, known }: PhaseHeadProps) => {
  const t = useTexts()
  if (phase === null) {
    return (
      <div className={classes.phase}>
        <h2>{t('lifecycle.outside')}</h2>
        <Text size="xs" c="dimmed">
          {t('lifecycle.outsideLead')}
        </Text>
      </div>
    )
  }
  return (
    <div className={classes.phase}>
      <h2>{known?.title ?? t.code('lifecycle.phases', phase)}</h2>
      {known === undefined ? null : (
        <Text size="xs" c="dimmed" component="div">
          {known.owner === null ? t('lifecycle.noOwner') : <Owner owner={known.owner.name} named={known.named} />}
          {known.people === null ? null : <div>{t('lifecycle.people', { count: known.people })}</div>}
        </Text>
      )}
    </div>
  )
}

const Owner = ({ owner, named }: { readonly owner: string; readonly named: boolean }) => {
  const t = useTexts()
  return (
    <>
      <Text span inherit c="var(--mantine-color-text)">
        {owner}
      </Text>
      {named ? null : ` (${t('lifecycle.inheritedOwner')})`}
    </>
  )
}
