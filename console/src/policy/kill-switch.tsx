import { Badge, Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTexts } from '../texts/use-texts.ts'
import { ConfirmModal } from '../ui/confirm-modal.tsx'
import { Panel } from '../ui/panel.tsx'
import { type PolicyPanelProps, useSavePolicy } from './save-policy.ts'

/** Stops every message of the workspace at once; asks for a word first. */
export const KillSwitch = ({ settings, mayWrite }: PolicyPanelProps) => {
  const t = useTexts()
  const [opened, ask] = useDisclosure(false)
  const save = useSavePolicy()
  const isOff = settings.killSwitch
  const confirm = () => save.mutate({ killSwitch: !isOff }, { onSuccess: ask.close })
  return (
    <Panel
      title={t('settings.policy.killTitle')}
      aside={<Badge color={isOff ? 'red' : 'teal'}>{t(isOff ? 'reasons.kill-switch' : 'ui.states.live')}</Badge>}
    >
      <Group justify="space-between" gap="sm">
        <Text c="dimmed" flex="1 1 280px">
          {t(isOff ? 'settings.policy.killOn' : 'settings.policy.killOff')}
        </Text>
        {mayWrite ? (
          <Button {...(isOff ? {} : { color: 'red', variant: 'light' })} onClick={ask.open}>
            {t(isOff ? 'settings.policy.startAll' : 'settings.policy.stopAll')}
          </Button>
        ) : null}
      </Group>
      {opened ? (
        <ConfirmModal
          opened
          onClose={ask.close}
          title={t(isOff ? 'settings.policy.startTitle' : 'settings.policy.stopTitle')}
          confirm={t(isOff ? 'settings.policy.startAll' : 'settings.policy.stopAll')}
          onConfirm={confirm}
          busy={save.isPending}
          danger={!isOff}
          {...(isOff ? {} : { typeToConfirm: t('settings.policy.typeWord') })}
        >
          {t(isOff ? 'settings.policy.startLead' : 'settings.policy.stopLead')}
        </ConfirmModal>
      ) : null}
    </Panel>
  )
}
