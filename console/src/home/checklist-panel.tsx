import type { ChecklistKey, Home } from '@baton/contract'
import { Anchor, Progress, Text, VisuallyHidden } from '@mantine/core'
import IconCircle from '@tabler/icons-react/dist/esm/icons/IconCircle.mjs'
import IconCircleCheckFilled from '@tabler/icons-react/dist/esm/icons/IconCircleCheckFilled.mjs'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { Panel } from '../ui/panel.tsx'
import classes from './home.module.css'

/** Where each step is taken. */
const places: Readonly<Record<ChecklistKey, string>> = {
  'first-event': '/live',
  'owners-named': '/lifecycle',
  'costs-entered': '/costs',
  'first-segment': '/segments/new',
  'first-journey-published': '/journeys/new',
  'first-message-read': '/mailbox',
}

/** Ticks itself; gone when all is done. What this Baton can't be asked about is left out. */
export const ChecklistPanel = ({ checklist }: { readonly checklist: Home['checklist'] }) => {
  const t = useTexts()
  const steps = checklist.filter((step) => step.done !== null)
  const done = steps.filter((step) => step.done).length
  if (done === steps.length) return null
  return (
    <Panel
      title={t('home.checklist.title')}
      aside={
        <Text size="xs" c="dimmed" className="baton-numbers">
          {t('home.checklist.done', { done, of: steps.length })}
        </Text>
      }
    >
      <Progress value={(done / steps.length) * 100} size={4} mb="sm" aria-label={t('home.checklist.title')} />
      <ul className={classes.lines}>
        {steps.map((step) => (
          <li key={step.key}>
            {step.done ? (
              <IconCircleCheckFilled size={17} aria-hidden color="var(--mantine-color-teal-text)" />
            ) : (
              <IconCircle size={17} aria-hidden color="var(--mantine-color-dimmed)" />
            )}
            {step.done ? (
              <Text className={classes.done ?? ''}>{t(`home.checklist.keys.${step.key}`)}</Text>
            ) : (
              <Anchor inherit fz="sm" renderRoot={(props) => <Link to={places[step.key]} {...props} />}>
                {t(`home.checklist.keys.${step.key}`)}
              </Anchor>
            )}
            <VisuallyHidden>{step.done ? t('home.checklist.doneMark') : t('home.checklist.openMark')}</VisuallyHidden>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
