import type { FrequencyCap } from '@baton/contract'
import { Button, CloseButton, Group, NativeSelect, NumberInput, Paper, Stack, TextInput } from '@mantine/core'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { useTexts } from '../texts/use-texts.ts'
import { DurationInput } from '../ui/duration-input.tsx'
import { freeKey } from './free-key.ts'
import { PolicyPanelFrame } from './policy-panel.tsx'
import { PurposeChoice } from './purpose-choice.tsx'
import { type PolicyPanelProps, useSavePolicy } from './save-policy.ts'
import { useEdited } from './use-edited.ts'

const weekMs = 7 * 86_400_000

export const CapsPanel = ({ settings, mayWrite }: PolicyPanelProps) => {
  const t = useTexts()
  const save = useSavePolicy()
  const edited = useEdited(settings.caps)
  const caps = edited.value
  const put = (index: number, cap: FrequencyCap | null) =>
    edited.change(caps.flatMap((each, at) => (at === index ? (cap ?? []) : each)))
  const add = () => {
    const title = t('settings.policy.newCap')
    const cap = freeKey(
      title,
      caps.map((each) => each.cap),
    )
    edited.change([...caps, { cap, title, limit: 1, windowMs: weekMs, purposes: ['sell', 'inform', 'coach'] }])
  }
  return (
    <PolicyPanelFrame
      title={t('settings.policy.caps')}
      lead={t('settings.policy.capsLead')}
      mayWrite={mayWrite}
      isDirty={edited.isDirty}
      save={save}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ caps }, { onSuccess: () => edited.settle(caps) })
      }}
    >
      {caps.map((cap, index) => (
        <CapCard
          key={cap.cap}
          cap={cap}
          topics={settings.topics}
          mayWrite={mayWrite}
          onChange={(next) => put(index, next)}
        />
      ))}
      {mayWrite && caps.length < 20 ? (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          style={{ alignSelf: 'flex-start' }}
          onClick={add}
        >
          {t('settings.policy.addCap')}
        </Button>
      ) : null}
    </PolicyPanelFrame>
  )
}

interface CapCardProps {
  readonly cap: FrequencyCap
  readonly topics: PolicyPanelProps['settings']['topics']
  readonly mayWrite: boolean
  readonly onChange: (cap: FrequencyCap | null) => void
}

const CapCard = ({ cap, topics, mayWrite, onChange }: CapCardProps) => {
  const t = useTexts()
  const { topic, ...rest } = cap
  return (
    <Paper withBorder p="sm" bg="var(--baton-surface)">
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <TextInput
            label={t('settings.policy.capTitle')}
            value={cap.title}
            maxLength={80}
            required
            flex="1 1 180px"
            onChange={(event) => onChange({ ...cap, title: event.currentTarget.value })}
          />
          <NumberInput
            label={t('settings.policy.capLimit')}
            value={cap.limit}
            min={1}
            max={1000}
            w={90}
            allowDecimal={false}
            onChange={(limit) => {
              if (typeof limit === 'number') onChange({ ...cap, limit })
            }}
          />
          <DurationInput
            label={t('settings.policy.capWindow')}
            value={cap.windowMs}
            onChange={(windowMs) => onChange({ ...cap, windowMs })}
          />
          <NativeSelect
            label={t('settings.policy.capTopic')}
            value={topic ?? ''}
            data={[
              { value: '', label: t('settings.policy.capAny') },
              ...topics.map((each) => ({ value: each.topic, label: each.title })),
            ]}
            onChange={(event) => {
              const chosen = event.currentTarget.value
              onChange(chosen === '' ? rest : { ...rest, topic: chosen })
            }}
          />
          {mayWrite ? (
            <CloseButton
              ml="auto"
              aria-label={t('settings.policy.removeCap', { title: cap.title })}
              onClick={() => onChange(null)}
            />
          ) : null}
        </Group>
        <PurposeChoice
          label={t('settings.policy.purposes')}
          value={cap.purposes}
          onChange={(purposes) => onChange({ ...cap, purposes })}
        />
      </Stack>
    </Paper>
  )
}
