import type { LeafCondition } from '@baton/contract'
import { Button, Menu, Text } from '@mantine/core'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { offered } from '../conditions/list.ts'

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
        {offered.map(({ kind, icon: IconOf, lead, empty }) => {
          return (
            <Menu.Item
              key={kind}
              leftSection={<IconOf size={16} stroke={1.7} aria-hidden />}
              onClick={() => onAdd(empty())}
            >
              <Text fw={520}>{t(`segments.kinds.${kind}`)}</Text>
              <Text size="xs" c="dimmed">
                {t(lead)}
              </Text>
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
