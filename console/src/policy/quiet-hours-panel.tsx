import { Group, Switch, TextInput } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'
import { PolicyPanelFrame } from './policy-panel.tsx'
import { PurposeChoice } from './purpose-choice.tsx'
import { type PolicyPanelProps, useSavePolicy } from './save-policy.ts'
import { useEdited } from './use-edited.ts'

type QuietHours = NonNullable<PolicyPanelProps['settings']['quietHours']>
const usual: QuietHours = { from: '21:00', to: '08:00', purposes: ['sell', 'inform', 'coach'] }

export const QuietHoursPanel = ({ settings, mayWrite }: PolicyPanelProps) => {
  const t = useTexts()
  const save = useSavePolicy()
  const edited = useEdited(settings.quietHours)
  const hours = edited.value
  return (
    <PolicyPanelFrame
      title={t('settings.policy.quiet')}
      lead={t('settings.policy.quietLead')}
      mayWrite={mayWrite}
      isDirty={edited.isDirty}
      save={save}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ quietHours: hours }, { onSuccess: () => edited.settle(hours) })
      }}
    >
      <Switch
        label={t('settings.policy.quietOn')}
        checked={hours !== null}
        onChange={(event) => edited.change(event.currentTarget.checked ? (settings.quietHours ?? usual) : null)}
      />
      {hours === null ? null : (
        <>
          <Group gap="sm">
            <TextInput
              label={t('settings.policy.from')}
              type="time"
              required
              value={hours.from}
              onChange={(event) => edited.change({ ...hours, from: event.currentTarget.value })}
            />
            <TextInput
              label={t('settings.policy.to')}
              type="time"
              required
              value={hours.to}
              onChange={(event) => edited.change({ ...hours, to: event.currentTarget.value })}
            />
          </Group>
          <PurposeChoice
            label={t('settings.policy.purposes')}
            value={hours.purposes}
            onChange={(purposes) => edited.change({ ...hours, purposes })}
          />
        </>
      )}
    </PolicyPanelFrame>
  )
}
