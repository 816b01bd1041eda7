import { examplePerson, instant } from '@baton/contract'
import { Anchor, Button, Drawer, Group, Skeleton, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useApiPages } from '../api/use-api.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { When } from '../ui/when.tsx'
import { useLifeCycle } from './use-life-cycle.ts'

const personAtRisk = examplePerson.extend({ since: instant.nullable(), atRiskUntil: instant.nullable() })

/** Those whose evidence lapsed, with the time until which they stay. `of` is `track:state`, or nothing. */
export const RiskDrawer = ({ of, onClose }: { readonly of: string; readonly onClose: () => void }) => {
  const t = useTexts()
  const { stateOf } = useLifeCycle()
  const [track = '', state = ''] = of.split(':')
  return (
    <Drawer
      opened={state !== ''}
      onClose={onClose}
      position="right"
      title={t('lifecycle.risk.title', { state: stateOf(track, state).title })}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
      attributes={{ header: { role: 'presentation' } }}
    >
      {state === '' ? null : <People track={track} state={state} />}
    </Drawer>
  )
}

const People = ({ track, state }: { readonly track: string; readonly state: string }) => {
  const t = useTexts()
  const people = useApiPages('/v1/life-cycle/people', personAtRisk, { query: { track, state, atRisk: 'true' } })
  if (people.items === undefined) {
    if (people.error !== null) return <ErrorPanel error={people.error} onRetry={() => void people.refetch()} />
    return <Skeleton height={200} role="status" aria-label={t('ui.loading')} />
  }
  return (
    <Stack gap="sm">
      <Text c="dimmed">{people.items.length === 0 ? t('lifecycle.risk.none') : t('lifecycle.risk.lead')}</Text>
      {people.items.map((person) => (
        <Group key={person.personId} justify="space-between" wrap="nowrap">
          <Anchor inherit renderRoot={(props) => <Link to={`/people/${person.personId}`} {...props} />}>
            {person.label}
          </Anchor>
          <Text size="xs" c="dimmed">
            {person.atRiskUntil === null ? null : (
              <>
                {t('lifecycle.risk.until')} <When at={person.atRiskUntil} />
              </>
            )}
          </Text>
        </Group>
      ))}
      {people.loadMore === undefined ? null : (
        <Button variant="default" onClick={people.loadMore} loading={people.isLoadingMore}>
          {t('ui.loadMore')}
        </Button>
      )}
    </Stack>
  )
}
