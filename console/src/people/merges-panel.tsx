import type { Person } from '@baton/contract'
import { Group, Text } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'
import { Panel } from '../ui/panel.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { When } from '../ui/when.tsx'
import classes from './person.module.css'
import { UndoMerge } from './undo-merge.tsx'

/** How several profiles became this one person, each merge with its reason and a way back. */
export const MergesPanel = ({ merges }: { readonly merges: Person['merges'] }) => {
  const t = useTexts()
  return (
    <Panel title={t('people.merges.title')}>
      {merges.length === 0 ? <Text c="dimmed">{t('people.merges.none')}</Text> : null}
      <ul className={classes.lines}>
        {merges.map((merge) => (
          <li key={merge.mergeId}>
            <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
              <div>
                <Text>{t.code('people.merges.reasons', merge.reason)}</Text>
                <Text size="xs" c="dimmed">
                  <When at={merge.at} /> · {t('people.merges.subjects', { count: merge.subjects })}
                </Text>
              </div>
              {merge.undoneAt === null ? (
                <UndoMerge mergeId={merge.mergeId} />
              ) : (
                <StateBadge state="undone" label={t('people.merges.undone')} />
              )}
            </Group>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
