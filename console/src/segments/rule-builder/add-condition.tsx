import type { LeafCondition } from '@baton/contract'
import { Button, Menu, Text } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import IconArrowRight from '@tabler/icons-react/dist/esm/icons/IconArrowRight.mjs'
import IconCalendar from '@tabler/icons-react/dist/esm/icons/IconCalendar.mjs'
import IconClick from '@tabler/icons-react/dist/esm/icons/IconClick.mjs'
import IconFilter from '@tabler/icons-react/dist/esm/icons/IconFilter.mjs'
import IconHistory from '@tabler/icons-react/dist/esm/icons/IconHistory.mjs'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import IconSum from '@tabler/icons-react/dist/esm/icons/IconSum.mjs'
import IconUser from '@tabler/icons-react/dist/esm/icons/IconUser.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { type ConditionKind, conditionKinds, newCondition } from '../new-condition.ts'

const icons: Readonly<Record<ConditionKind, Icon>> = {
  'event-count': IconClick,
  'event-sum': IconSum,
  'event-last': IconHistory,
  'event-after': IconArrowRight,
  trait: IconUser,
  'trait-date': IconCalendar,
  segment: IconFilter,
}

interface AddConditionProps {
  readonly label: string
  readonly onAdd: (condition: LeafCondition) => void
}

export const AddCondition = ({ label, onAdd }: AddConditionProps) => {
  const t = useTexts()
  return (
    <Menu position="bottom-start" width={300} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {conditionKinds.map((kind) => {
          const IconOf = icons[kind]
          return (
            <Menu.Item
              key={kind}
              leftSection={<IconOf size={16} stroke={1.7} aria-hidden />}
              onClick={() => onAdd(newCondition(kind))}
            >
              <Text fw={520}>{t(`segments.kinds.${kind}`)}</Text>
              <Text size="xs" c="dimmed">
                {t(`segments.kindLeads.${kind}`)}
              </Text>
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
