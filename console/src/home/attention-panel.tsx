import { type Home, operations as operationsSchema } from '@baton/contract'
import { Anchor, Group, Text } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconCircleCheck from '@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs'
import IconClock from '@tabler/icons-react/dist/esm/icons/IconClock.mjs'
import { Link } from '@tanstack/react-router'
import { useApi } from '../api/use-api.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { Panel } from '../ui/panel.tsx'
import { type AttentionLine, attentionOf } from './attention.ts'
import classes from './home.module.css'

export const AttentionPanel = ({ home }: { readonly home: Home }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const operations = useApi('/v1/operations', operationsSchema, {
    refetchMs: 15_000,
    enabled: workspace.permissions.includes('operations:read'),
  })
  const lines = attentionOf(home, operations.data)
  return (
    <Panel title={t('home.attention.title')}>
      {lines.length > 0 ? null : (
        <Group gap={8}>
          <IconCircleCheck size={17} aria-hidden color="var(--mantine-color-teal-text)" />
          <Text>{t('home.attention.none')}</Text>
        </Group>
      )}
      <ul className={classes.lines}>
        {lines.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </ul>
    </Panel>
  )
}

const Line = ({ line }: { readonly line: AttentionLine }) => {
  const t = useTexts()
  const { text } = line
  return (
    <li>
      {line.tone === 'bad' ? (
        <IconAlertTriangle size={16} aria-hidden color="var(--mantine-color-red-text)" />
      ) : (
        <IconClock size={16} aria-hidden color="var(--mantine-color-dimmed)" />
      )}
      <Text flex={1} miw={0}>
        {typeof text === 'string' ? text : t(text.key, { count: text.count, state: text.state ?? '' })}
      </Text>
      <Anchor size="xs" renderRoot={(props) => <Link to={line.to} {...props} />}>
        {t(line.action)}
      </Anchor>
    </li>
  )
}
