import type { Person } from '@baton/contract'
import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Fragment } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { Copyable } from '../ui/copyable.tsx'
import { Panel } from '../ui/panel.tsx'
import classes from './person.module.css'

const atFirst = 6
const order = ['userId', 'email', 'phone', 'anonymousId']

export const IdentifiersPanel = ({ identifiers }: { readonly identifiers: Person['identifiers'] }) => {
  const t = useTexts()
  const [all, { toggle }] = useDisclosure(false)
  const sorted = identifiers.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  const shown = all ? sorted : sorted.slice(0, atFirst)
  return (
    <Panel title={t('people.identifiers.title')}>
      <dl className={classes.facts}>
        {shown.map((each) => (
          <Fragment key={`${each.kind} ${each.value}`}>
            <dt>{t.code('people.identifiers.kinds', each.kind)}</dt>
            <dd>
              <Copyable value={each.value} what={t.code('people.identifiers.kinds', each.kind)} />
            </dd>
          </Fragment>
        ))}
      </dl>
      {sorted.length <= atFirst ? null : (
        <Button mt={8} size="compact-xs" variant="subtle" color="gray" onClick={toggle} aria-expanded={all}>
          {all ? t('people.identifiers.less') : t('people.identifiers.more', { count: sorted.length - atFirst })}
        </Button>
      )}
    </Panel>
  )
}
