import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { PolicyPanelFrame } from './policy-panel.tsx'
import { PurposeChoice } from './purpose-choice.tsx'
import { type PolicyPanelProps, useSavePolicy } from './save-policy.ts'

export const ConsentPanel = ({ settings, mayWrite }: PolicyPanelProps) => {
  const t = useTexts()
  const save = useSavePolicy()
  const [consentNeeded, setNeeded] = useState(settings.consentNeeded)
  const [consentWording, setWording] = useState(settings.consentWording)
  const isDirty =
    consentWording !== settings.consentWording ||
    JSON.stringify(consentNeeded) !== JSON.stringify(settings.consentNeeded)
  return (
    <PolicyPanelFrame
      title={t('settings.policy.consent')}
      lead={t('settings.policy.consentLead')}
      mayWrite={mayWrite}
      isDirty={isDirty}
      save={save}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ consentNeeded, consentWording })
      }}
    >
      <PurposeChoice label={t('settings.policy.purposes')} value={consentNeeded} onChange={setNeeded} />
      <Textarea
        label={t('settings.policy.wording')}
        value={consentWording}
        required
        maxLength={1000}
        autosize
        minRows={2}
        onChange={(event) => setWording(event.currentTarget.value)}
      />
    </PolicyPanelFrame>
  )
}
