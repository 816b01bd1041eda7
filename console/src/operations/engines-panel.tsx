import type { EngineState } from '@baton/contract'
import { Group, Text } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'
import { Panel } from '../ui/panel.tsx'
import classes from './operations.module.css'
import { PartBadge } from './part-badge.tsx'

export const EnginesPanel = ({ engines }: { readonly engines: readonly EngineState[] }) => {
  const t = useTexts()
  return (
    <Panel title={t('operations.engines.title')}>
      <ul className={classes.lines}>
        {engines.map((engine) => (
          <li key={engine.name}>
            <div>
              <Text fw={520}>
                {t(`operations.parts.${engine.name}`)} {engine.version}
              </Text>
              <Text size="xs" c="dimmed">
                {t(`operations.engines.${engine.kind}`)} ·{' '}
                {engine.answeredInMs === null
                  ? t('operations.engines.silent')
                  : t('operations.engines.answered', { ms: Math.round(engine.answeredInMs) })}
              </Text>
              {engine.reason === null ? null : <Text size="xs">{engine.reason}</Text>}
            </div>
            <Group>
              <PartBadge state={engine.state} />
            </Group>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
