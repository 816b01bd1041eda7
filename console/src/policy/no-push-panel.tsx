import { lifeCycleView } from '@baton/contract'
import { MultiSelect } from '@mantine/core'
import { useApi } from '../api/use-api.ts'
import { useTexts } from '../texts/use-texts.ts'
import { PolicyPanelFrame } from './policy-panel.tsx'
import { type PolicyPanelProps, useSavePolicy } from './save-policy.ts'
import { useEdited } from './use-edited.ts'

/** Life-cycle states, written `track:state`, in which nothing that sells is sent. */
export const NoPushPanel = ({ settings, mayWrite }: PolicyPanelProps) => {
  const t = useTexts()
  const save = useSavePolicy()
  const edited = useEdited(settings.noPushStates)
  const noPushStates = edited.value
  const { data } = useApi('/v1/life-cycle', lifeCycleView)
  const known = (data?.tracks ?? []).map(({ track, title, states }) => ({
    group: title,
    items: states.map((state) => ({ value: `${track}:${state.state}`, label: state.title })),
  }))
  const named = new Set(known.flatMap(({ items }) => items.map(({ value }) => value)))
  // A state that the definition no longer has stays visible, so that it can be taken out.
  const others = noPushStates.filter((state) => !named.has(state))
  return (
    <PolicyPanelFrame
      title={t('settings.policy.noPush')}
      lead={t('settings.policy.noPushLead')}
      mayWrite={mayWrite}
      isDirty={edited.isDirty}
      save={save}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ noPushStates }, { onSuccess: () => edited.settle(noPushStates) })
      }}
    >
      <MultiSelect
        aria-label={t('settings.policy.noPush')}
        placeholder={noPushStates.length === 0 ? t('settings.policy.noPushPlaceholder') : ''}
        data={others.length === 0 ? known : [...known, { group: t('ui.unknown'), items: others }]}
        searchable
        value={noPushStates}
        onChange={edited.change}
      />
    </PolicyPanelFrame>
  )
}
