import type { Operations, ProcessState } from '@baton/contract'
import { Text } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'
import { Panel } from '../ui/panel.tsx'
import { StateBadge, type Tone } from '../ui/state-badge.tsx'
import { When } from '../ui/when.tsx'
import classes from './operations.module.css'

const tones: Readonly<Record<ProcessState['state'], Tone>> = {
  starting: 'busy',
  running: 'good',
  restarting: 'wait',
  stopped: 'bad',
}

export const ProcessesPanel = ({ processes, workers }: Pick<Operations, 'processes' | 'workers'>) => {
  const t = useTexts()
  return (
    <Panel title={t('operations.processes.title')}>
      {processes.length === 0 ? <Text c="dimmed">{t('operations.processes.none')}</Text> : null}
      <ul className={classes.lines}>
        {processes.map((one) => (
          <li key={one.name}>
            <div>
              <Text fw={520} component="span">
                {t.code('operations.parts', one.name.toLowerCase())}
              </Text>
              <Text size="xs" c="dimmed">
                {one.pid === null ? null : `${t('operations.processes.pid', { pid: one.pid })} · `}
                {t('operations.since')} <When at={one.since} />
                {one.restarts === 0 ? null : ` · ${t('operations.processes.restarts', { count: one.restarts })}`}
              </Text>
            </div>
            <StateBadge
              state={one.state}
              tone={tones[one.state]}
              label={t(`operations.processes.states.${one.state}`)}
            />
          </li>
        ))}
      </ul>
      <Text size="xs" c="dimmed" mt="sm">
        {workers.length === 0
          ? t('operations.processes.noWorkers')
          : `${t('operations.processes.workers')}: ${workers
              .map((one) => `${one.holder} (${t('operations.processes.leases', { count: one.leases })})`)
              .join(', ')}`}
      </Text>
    </Panel>
  )
}
