import { type Person, person as personSchema } from '@baton/contract'
import { Badge, Box, Grid, SegmentedControl, Skeleton, Stack } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useApi } from '../api/use-api.ts'
import { seesEquity } from '../app/reach.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { Copyable } from '../ui/copyable.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { When } from '../ui/when.tsx'
import { ConflictsPanel } from './conflicts-panel.tsx'
import { ConsentPanel } from './consent-panel.tsx'
import { ErasedPerson } from './erased-person.tsx'
import { HerData } from './her-data.tsx'
import { IdentifiersPanel } from './identifiers-panel.tsx'
import { MergesPanel } from './merges-panel.tsx'
import { OrdersPanel } from './orders-panel.tsx'
import classes from './person.module.css'
import { PersonForwardValue } from './person-forward.tsx'
import { PersonStates } from './person-states.tsx'
import { PersonTimeline } from './person-timeline.tsx'
import { PersonValue } from './person-value.tsx'
import { SegmentsPanel } from './segments-panel.tsx'
import { TraitsPanel } from './traits-panel.tsx'
import { useErasureOf } from './use-erasure-of.ts'

export const PersonPage = () => {
  const t = useTexts()
  const { personId = '' } = useParams({ strict: false })
  const erased = useErasureOf(personId)
  const isThere = erased.data === null
  const person = useApi(`/v1/people/${personId}`, personSchema, { refetchMs: 10_000, enabled: isThere })
  const back = { to: '/people', label: t('shell.nav.people') }
  if (erased.data) return <ErasedPerson erasure={erased.data} back={back} />
  if (person.data !== undefined) return <Found key={personId} person={person.data} back={back} />
  const error = person.error ?? erased.error
  return (
    <>
      <PageHeader title={t('people.person')} back={back} />
      {error === null ? (
        <Stack role="status" aria-label={t('ui.loading')}>
          <Skeleton height={90} />
          <Skeleton height={360} />
        </Stack>
      ) : (
        <ErrorPanel error={error} onRetry={() => void (isThere ? person : erased).refetch()} />
      )}
    </>
  )
}

const parts = { part: 'timeline' }

interface FoundProps {
  readonly person: Person
  readonly back: { readonly to: string; readonly label: string }
}

const Found = ({ person, back }: FoundProps) => {
  const t = useTexts()
  const { values, set } = useUrlFilters(parts)
  const { workspace } = useHere()
  return (
    <>
      <PageHeader
        title={person.title}
        back={back}
        badge={isKnown(person) ? undefined : <Badge color="gray">{t('people.anonymous')}</Badge>}
        lead={
          <>
            {t('people.firstSeen')} <When at={person.firstSeenAt} />
          </>
        }
        actions={
          <>
            <Copyable value={person.personId} label={`…${person.personId.slice(-12)}`} what={t('people.personId')} />
            <HerData person={person} />
          </>
        }
      />
      <Stack gap="md">
        <PersonStates states={person.states} />
        <SegmentedControl
          hiddenFrom="md"
          fullWidth
          aria-label={t('people.parts.label')}
          value={values.part}
          onChange={(part) => set({ part })}
          data={[
            { value: 'timeline', label: t('people.timeline.title') },
            { value: 'facts', label: t('people.parts.facts') },
          ]}
        />
        <Grid gap="md">
          <Grid.Col
            span={{ base: 12, md: 7, lg: 8 }}
            className={classes.part ?? ''}
            data-chosen={values.part === 'timeline'}
          >
            <PersonTimeline person={person} />
          </Grid.Col>
          <Grid.Col
            span={{ base: 12, md: 5, lg: 4 }}
            className={classes.part ?? ''}
            data-chosen={values.part === 'facts'}
          >
            <Box>
              <Stack gap="md">
                <PersonValue person={person} />
                {seesEquity(workspace) ? <PersonForwardValue personId={person.personId} /> : null}
                <IdentifiersPanel identifiers={person.identifiers} />
                <ConsentPanel personId={person.personId} />
                <SegmentsPanel segments={person.segments} />
                <OrdersPanel orders={person.orders} count={person.orderCounts.all} />
                <TraitsPanel traits={person.traits} />
                <MergesPanel merges={person.merges} />
                <ConflictsPanel conflicts={person.conflicts} />
              </Stack>
            </Box>
          </Grid.Col>
        </Grid>
      </Stack>
    </>
  )
}

const isKnown = (person: Person): boolean => person.identifiers.some((each) => each.kind !== 'anonymousId')
