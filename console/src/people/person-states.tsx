import type { Person, PhaseKey } from '@baton/contract'
import { Group, List, Paper, SimpleGrid, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { StateChip } from '../lifecycle/state-chip.tsx'
import { useLifeCycle } from '../lifecycle/use-life-cycle.ts'
import { useTexts } from '../texts/use-texts.ts'
import { SaidText } from '../ui/said-text.tsx'
import { When } from '../ui/when.tsx'
import classes from './person.module.css'

const phases: readonly PhaseKey[] = ['contact', 'consideration', 'purchase', 'post-purchase', 'loyalty']

/** Her state in each of the three tracks: since when, why, and what the next one asks for. */
export const PersonStates = ({ states }: { readonly states: Person['states'] }) => {
  const t = useTexts()
  const { stateOf } = useLifeCycle()
  if (states.length === 0) {
    return (
      <Text size="xs" c="dimmed">
        {t('people.states.none')}
      </Text>
    )
  }
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md" component="section" aria-label={t('people.states.title')}>
      {states.map((state) => {
        const { phase } = stateOf(state.track, state.state)
        return (
          <Paper key={state.track} withBorder p="md">
            <Text size="xs" fw={500} c="dimmed">
              {state.trackTitle}
            </Text>
            <Group justify="space-between" gap="xs" mt={4}>
              <StateChip size="lg" state={{ title: state.stateTitle, phase }} />
              <Text size="xs" c="dimmed">
                {state.since === null ? (
                  t('people.states.sinceAlways')
                ) : (
                  <>
                    {t('people.states.since')} <When at={state.since} />
                  </>
                )}
              </Text>
            </Group>
            <div className={classes.steps} aria-hidden>
              {phases.map((step, index) => (
                <span key={step} data-reached={(phase !== null && index <= phases.indexOf(phase)) || undefined} />
              ))}
            </div>
            {state.why === null ? null : (
              <Text size="xs" mt={8}>
                {state.why}
              </Text>
            )}
            {state.missing.length === 0 ? null : <Missing missing={state.missing} />}
          </Paper>
        )
      })}
    </SimpleGrid>
  )
}

/** Longer than this is shown in part at first. */
const shortLength = 150

const Missing = ({ missing }: { readonly missing: readonly string[] }) => {
  const t = useTexts()
  const [all, { toggle }] = useDisclosure(false)
  const isLong = missing.join(' ').length > shortLength
  return (
    <>
      <Text size="xs" c="dimmed" mt={8}>
        {t('people.states.missing')}
      </Text>
      <List size="xs" className={classes.missing ?? ''}>
        {missing.map((one) => (
          <List.Item key={one}>
            {all ? (
              <SaidText>{one}</SaidText>
            ) : (
              <Text span inherit lineClamp={2}>
                <SaidText>{one}</SaidText>
              </Text>
            )}
          </List.Item>
        ))}
      </List>
      {isLong ? (
        <UnstyledButton fz="xs" c="var(--mantine-color-anchor)" mt={2} onClick={toggle} aria-expanded={all}>
          {all ? t('people.states.less') : t('people.states.more')}
        </UnstyledButton>
      ) : null}
    </>
  )
}
