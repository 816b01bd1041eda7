import type { Person } from '@baton/contract'
import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { Panel } from '../ui/panel.tsx'
import { When } from '../ui/when.tsx'
import classes from './person.module.css'

/** Who shares an identifier with her and was not merged; nothing where there is nobody. */
export const ConflictsPanel = ({ conflicts }: { readonly conflicts: Person['conflicts'] }) => {
  const t = useTexts()
  if (conflicts.length === 0) return null
  return (
    <Panel title={t('people.conflicts.title')}>
      <Text c="dimmed">{t('people.conflicts.lead')}</Text>
      <ul className={classes.lines}>
        {conflicts.map(({ personId, title, reason, firstAt }) => (
          <li key={`${personId} ${reason}`}>
            <Anchor inherit renderRoot={(props) => <Link to={`/people/${personId}`} {...props} />}>
              {title}
            </Anchor>
            <Text size="xs" c="dimmed">
              {t(`people.conflicts.reasons.${reason}`)} · <When at={firstAt} />
            </Text>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
