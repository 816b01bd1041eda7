import { Badge, Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { ApiError } from '../api/api-error.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ConfirmModal } from '../ui/confirm-modal.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { Panel } from '../ui/panel.tsx'
import { type PolicyPanelProps, useSavePolicy } from './save-policy.ts'

/** Stops every message of the workspace at once; asks for a word first. */
export const KillSwitch = ({ settings, mayWrite }: PolicyPanelProps) => {
  const t = useTexts()
  // What is asked for: the dialog keeps asking for it, whatever is switched elsewhere meanwhile.
  const [wanted, setWanted] = useState<boolean | null>(null)
  const save = useSavePolicy()
  const isOff = settings.killSwitch
  const ask = () => {
    save.reset()
    setWanted(!isOff)
  }
  const close = () => setWanted(null)
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
          <Button {...(isOff ? {} : { color: 'red', variant: 'light' })} onClick={ask}>
            {t(isOff ? 'settings.policy.startAll' : 'settings.policy.stopAll')}
          </Button>
        ) : null}
      </Group>
      {wanted === null ? null : (
        <ConfirmModal
          opened
          onClose={close}
          title={t(wanted ? 'settings.policy.stopTitle' : 'settings.policy.startTitle')}
          confirm={t(wanted ? 'settings.policy.stopAll' : 'settings.policy.startAll')}
          onConfirm={() => save.mutate({ killSwitch: wanted }, { onSuccess: close })}
          busy={save.isPending}
          danger={wanted}
          {...(wanted ? { typeToConfirm: t('settings.policy.typeWord') } : {})}
        >
          {save.error === null ? null : <Failed error={save.error} wanted={wanted} />}
          <Text>{t(wanted ? 'settings.policy.stopLead' : 'settings.policy.startLead')}</Text>
        </ConfirmModal>
      )}
    </Panel>
  )
}

/** A refusal left things as they were; without an answer nobody knows, and what is safe is said. */
const Failed = ({ error, wanted }: { readonly error: Error; readonly wanted: boolean }) => {
  const t = useTexts()
  const isKnown = error instanceof ApiError && error.status > 0
  const title = wanted
    ? t(isKnown ? 'settings.policy.stopFailed' : 'settings.policy.stopUncertain')
    : t(isKnown ? 'settings.policy.startFailed' : 'settings.policy.startUncertain')
  return <ErrorPanel error={error} title={title} />
}
