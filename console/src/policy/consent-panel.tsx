import { Textarea } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'
import { PolicyPanelFrame } from './policy-panel.tsx'
import { PurposeChoice } from './purpose-choice.tsx'
import { type PolicyPanelProps, useSavePolicy } from './save-policy.ts'
import { useEdited } from './use-edited.ts'

export const ConsentPanel = ({ settings, mayWrite }: PolicyPanelProps) => {
  const t = useTexts()
  const save = useSavePolicy()
  const needed = useEdited(settings.consentNeeded)
  const wording = useEdited(settings.consentWording)
  const saveChanged = () =>
    save.mutate(
      {
        ...(needed.isDirty ? { consentNeeded: needed.value } : {}),
        ...(wording.isDirty ? { consentWording: wording.value } : {}),
      },
      {
        onSuccess: () => {
          needed.settle(needed.value)
          wording.settle(wording.value)
        },
      },
    )
  return (
    <PolicyPanelFrame
      title={t('settings.policy.consent')}
      lead={t('settings.policy.consentLead')}
      mayWrite={mayWrite}
      isDirty={needed.isDirty || wording.isDirty}
      save={save}
      onSubmit={(event) => {
        event.preventDefault()
        saveChanged()
      }}
    >
      <PurposeChoice label={t('settings.policy.purposes')} value={needed.value} onChange={needed.change} />
      <Textarea
        label={t('settings.policy.wording')}
        value={wording.value}
        required
        maxLength={1000}
        autosize
        minRows={2}
        onChange={(event) => wording.change(event.currentTarget.value)}
      />
    </PolicyPanelFrame>
  )
}
