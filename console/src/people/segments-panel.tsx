import type { Person } from '@baton/contract'
import { Anchor, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { Panel } from '../ui/panel.tsx'
import { When } from '../ui/when.tsx'
import classes from './person.module.css'

export const SegmentsPanel = ({ segments }: { readonly segments: Person['segments'] }) => {
  const t = useTexts()
  return (
    <Panel title={t('people.segments.title')}>
      {segments.length === 0 ? <Text c="dimmed">{t('people.segments.none')}</Text> : null}
      <ul className={classes.lines}>
        {segments.map((segment) => (
          <li key={segment.segmentId}>
            <Group justify="space-between" gap="xs" wrap="nowrap">
              <Anchor inherit renderRoot={(props) => <Link to={`/segments/${segment.segmentId}`} {...props} />}>
                {segment.name}
              </Anchor>
              <Text size="xs" c="dimmed">
                {segment.since === null ? null : <When at={segment.since} />}
              </Text>
            </Group>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
