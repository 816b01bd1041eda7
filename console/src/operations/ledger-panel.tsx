import type { LedgerState } from '@baton/contract'
import { Anchor, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { formatCount } from '../ui/numbers.ts'
import { Panel } from '../ui/panel.tsx'
import classes from './operations.module.css'
import { PartBadge } from './part-badge.tsx'

/** Planned = accounted for + on their way, or something is lost. */
export const LedgerPanel = ({ ledger }: { readonly ledger: LedgerState | null }) => {
  const t = useTexts()
  if (ledger === null || ledger.planned === 0) {
    return (
      <Panel title={t('operations.ledger.title')}>
        <Text c="dimmed">{t('operations.ledger.none')}</Text>
      </Panel>
    )
  }
  const balances = ledger.difference === 0
  return (
    <Panel title={t('operations.ledger.title')} aside={<PartBadge state={balances ? 'ok' : 'failed'} />}>
      <ul className={classes.lines}>
        {(['planned', 'accounted', 'onTheirWay'] as const).map((key) => (
          <li key={key}>
            <span>{t(`operations.ledger.${key}`)}</span>
            <Text fw={520} className="baton-numbers">
              {formatCount(ledger[key])}
            </Text>
          </li>
        ))}
      </ul>
      <Text size="xs" c={balances ? 'dimmed' : 'red'} mt={8}>
        {balances ? t('operations.ledger.balanced') : t('operations.ledger.unbalanced', { count: ledger.difference })}
      </Text>
      <Group mt={8}>
        <Anchor size="xs" renderRoot={(props) => <Link to="/messages" {...props} />}>
          {t('operations.ledger.open')}
        </Anchor>
      </Group>
    </Panel>
  )
}
