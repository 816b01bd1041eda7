import type { Operations } from '@baton/contract'
import { Anchor, Box, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { formatCount } from '../ui/numbers.ts'
import { Panel } from '../ui/panel.tsx'
import { When } from '../ui/when.tsx'
import classes from './operations.module.css'

/** What could not be taken: events that break their contract, by reason, and what a later stage went on without. */
export const SetAsidePanel = ({ stages, setAside }: Pick<Operations, 'stages' | 'setAside'>) => {
  const t = useTexts()
  return (
    <Panel title={t('operations.setAside.title')}>
      <Group justify="space-between" gap="xs" align="flex-start">
        <Stack gap={4}>
          <Text>
            <Events setAside={setAside} />
          </Text>
        </Stack>
        <Anchor inherit fz="sm" renderRoot={(props) => <Link to="/live?verdict=quarantined" {...props} />}>
          {t('operations.setAside.open')}
        </Anchor>
      </Group>
      {setAside === null || setAside.events === 0 ? null : (
        <Box component="ul" className={classes.lines} mt="xs">
          {setAside.reasons.map(({ reason, explanation, events, newestAt }) => (
            <li key={reason}>
              <div>
                <Text>{t.code('live.refusals', reason)}</Text>
                <Text size="xs" c="dimmed">
                  {explanation} {t('operations.setAside.newest')} <When at={newestAt} />.
                </Text>
              </div>
              <Text fw={520} className="baton-numbers">
                {formatCount(events)}
              </Text>
            </li>
          ))}
        </Box>
      )}
      <WentWithout stages={stages} />
    </Panel>
  )
}

const WentWithout = ({ stages }: Pick<Operations, 'stages'>) => {
  const t = useTexts()
  const lines = stages.flatMap(({ stage, lane, quarantinedItems, lastQuarantined }) =>
    lastQuarantined === null ? [] : [{ stage, lane, count: quarantinedItems, newest: lastQuarantined }],
  )
  if (lines.length === 0) return null
  return (
    <Box component="ul" className={classes.lines} mt="xs">
      {lines.map(({ stage, lane, count, newest: { kind, item, reason, at } }) => (
        <li key={`${stage} ${lane}`}>
          <div>
            <Text>
              {t('operations.setAside.items', { stage, count, item, kind: t(`operations.setAside.kinds.${kind}`) })}
            </Text>
            <Text size="xs" c="dimmed">
              {reason} · <When at={at} />
            </Text>
          </div>
          <Text fw={520} className="baton-numbers">
            {formatCount(count)}
          </Text>
        </li>
      ))}
    </Box>
  )
}

const Events = ({ setAside }: Pick<Operations, 'setAside'>) => {
  const t = useTexts()
  if (setAside === null) return t('operations.setAside.unknown')
  const { events, countedUpTo } = setAside
  if (events === 0) return t('operations.setAside.none')
  if (events === countedUpTo) return t('operations.setAside.many', { events: formatCount(events) })
  return t('operations.setAside.events', { count: events, events: formatCount(events) })
}
