import type { StepCounts } from '@baton/contract'
import { Box, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { formatShort } from '../ui/numbers.ts'
import classes from './step-card.module.css'
import { type BoxKind, iconOf } from './step-icons.ts'
import { viewOf } from './steps/list.ts'

interface StepCardProps {
  readonly kind: BoxKind
  readonly title: string
  readonly summary: string
  /** What it does is not said yet. */
  readonly isWanting?: boolean
  readonly isSelected: boolean
  readonly hasProblem: boolean
  readonly onOpen: () => void
  readonly counts?: StepCounts | undefined
  readonly journeyId: string
  /** The element the panel gives focus back to. */
  readonly boxId: string
  /** At which places of her way she came here, when it was tried out. */
  readonly walked?: readonly number[] | undefined
}

/** A box: what the step is, what it does, how many people came, wait and went on; on the canvas and in the list. */
export const StepCard = (props: StepCardProps) => {
  const IconOf = iconOf(props.kind)
  return (
    <Box
      className={classes.card ?? ''}
      data-selected={props.isSelected || undefined}
      data-problem={props.hasProblem || undefined}
      data-walked={props.walked !== undefined || undefined}
    >
      <UnstyledButton
        id={props.boxId}
        className={classes.main ?? ''}
        onClick={props.onOpen}
        aria-expanded={props.isSelected}
      >
        <span className={classes.icon} data-kind={props.kind}>
          <IconOf size={16} stroke={1.8} aria-hidden />
        </span>
        <Box miw={0} flex={1}>
          <div className={classes.title}>{props.title}</div>
          <div className={classes.summary} data-wanting={props.isWanting === true || undefined}>
            {props.summary}
          </div>
        </Box>
        {props.walked === undefined ? null : <Walked numbers={props.walked} />}
      </UnstyledButton>
      {props.counts === undefined ? null : (
        <Counts kind={props.kind} counts={props.counts} journeyId={props.journeyId} title={props.title} />
      )}
    </Box>
  )
}

/** On her way this was the second, the fifth … step. */
const Walked = ({ numbers }: { readonly numbers: readonly number[] }) => {
  const t = useTexts()
  const [first] = numbers
  return (
    <span className={classes.walked}>
      <VisuallyHidden>{t('journeys.try.walked')} </VisuallyHidden>
      {numbers.length > 2 ? `${first}, …` : numbers.join(', ')}
    </span>
  )
}

const runCounts = ['entered', 'waiting', 'left'] as const
const messageCounts = ['entered', 'sent', 'delivered', 'opened', 'clicked', 'converted', 'dropped'] as const

interface CountsProps {
  readonly kind: BoxKind
  readonly counts: StepCounts
  readonly journeyId: string
  readonly title: string
}

/** Each figure opens the people behind it. */
const Counts = ({ kind, counts, journeyId, title }: CountsProps) => {
  const t = useTexts()
  const measures = kind !== 'entry' && viewOf(kind).plansMessages ? messageCounts : runCounts
  return (
    <div className={classes.counts}>
      {measures.map((measure) => {
        const figure = counts[measure]
        return (
          <Link
            key={measure}
            to="/journeys/$journeyId"
            params={{ journeyId }}
            search={{
              tab: 'people',
              step: counts.stepId,
              ...(measure === 'waiting' ? { state: 'active' } : { measure }),
            }}
            className={classes.cell}
            title={figure === null ? t('journeys.counts.noGoal') : undefined}
          >
            <span className={classes.figure}>{figure === null ? '–' : formatShort(figure)}</span>
            <span className={classes.label}>{t(`journeys.counts.${measure}`)}</span>
            <VisuallyHidden>
              {' '}
              {figure === null ? t('journeys.counts.noGoal') : t('journeys.counts.at', { step: title })}
            </VisuallyHidden>
          </Link>
        )
      })}
    </div>
  )
}
