import { Group, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { PolicyPanelFrame } from './policy-panel.tsx'
import { PurposeChoice } from './purpose-choice.tsx'
import { type PolicyPanelProps, useSavePolicy } from './save-policy.ts'

type QuietHours = NonNullable<PolicyPanelProps['settings']['quietHours']>
const usual: QuietHours = { from: '21:00', to: '08:00', purposes: ['sell', 'inform', 'coach'] }

export const QuietHoursPanel = ({ settings, mayWrite }: PolicyPanelProps) => {
  const t = useTexts()
  const save = useSavePolicy()
  const [hours, setHours] = useState(settings.quietHours)
  return (
    <PolicyPanelFrame
      title={t('settings.policy.quiet')}
      lead={t('settings.policy.quietLead')}
      mayWrite={mayWrite}
      isDirty={JSON.stringify(hours) !== JSON.stringify(settings.quietHours)}
      save={save}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ quietHours: hours })
      }}
    >
      <Switch
        label={t('settings.policy.quietOn')}
        checked={hours !== null}
        onChange={(event) => setHours(event.currentTarget.checked ? (settings.quietHours ?? usual) : null)}
      />
      {hours === null ? null : (
        <>
          <Group gap="sm">
            <TextInput
              label={t('settings.policy.from')}
              type="time"
              required
              value={hours.from}
              onChange={(event) => setHours({ ...hours, from: event.currentTarget.value })}
            />
            <TextInput
              label={t('settings.policy.to')}
              type="time"
              required
              value={hours.to}
              onChange={(event) => setHours({ ...hours, to: event.currentTarget.value })}
            />
          </Group>
          <PurposeChoice
            label={t('settings.policy.purposes')}
            value={hours.purposes}
            onChange={(purposes) => setHours({ ...hours, purposes })}
          />
        </>
      )}
    </PolicyPanelFrame>
  )
}
