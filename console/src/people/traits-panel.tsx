import type { Person } from '@baton/contract'
import { Group, Text } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'
import { Panel } from '../ui/panel.tsx'
import { When } from '../ui/when.tsx'
import classes from './person.module.css'

const write = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** What is known of her, each with when it was said. */
export const TraitsPanel = ({ traits }: { readonly traits: Person['traits'] }) => {
  const t = useTexts()
  return (
    <Panel title={t('people.traits.title')}>
      {traits.length === 0 ? <Text c="dimmed">{t('people.traits.none')}</Text> : null}
      <ul className={classes.lines}>
        {traits.map((trait) => (
          <li key={trait.name}>
            <Group justify="space-between" gap="xs" wrap="nowrap" align="baseline">
              <Text span inherit c="dimmed">
                {trait.name}
              </Text>
              <Text size="xs" c="dimmed">
                {trait.statedAt === null ? null : <When at={trait.statedAt} />}
              </Text>
            </Group>
            <Text style={{ overflowWrap: 'anywhere' }}>{write(trait.value)}</Text>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
