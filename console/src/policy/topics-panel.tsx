import { Button, CloseButton, Code, Group, TextInput } from '@mantine/core'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { useTexts } from '../texts/use-texts.ts'
import { freeKey } from './free-key.ts'
import { PolicyPanelFrame } from './policy-panel.tsx'
import { type PolicyPanelProps, useSavePolicy } from './save-policy.ts'
import { useEdited } from './use-edited.ts'

/** A topic's key is made from its first title and stays: journeys and people's choices name it. */
export const TopicsPanel = ({ settings, mayWrite }: PolicyPanelProps) => {
  const t = useTexts()
  const save = useSavePolicy()
  const edited = useEdited(settings.topics)
  const topics = edited.value
  const change = (key: string, part: { title?: string; description?: string }) =>
    edited.change(topics.map((each) => (each.topic === key ? { ...each, ...part } : each)))
  const add = () => {
    const title = t('settings.policy.newTopic')
    const topic = freeKey(
      title,
      topics.map((each) => each.topic),
    )
    edited.change([...topics, { topic, title, description: '' }])
  }
  return (
    <PolicyPanelFrame
      title={t('settings.policy.topics')}
      lead={t('settings.policy.topicsLead')}
      mayWrite={mayWrite}
      isDirty={edited.isDirty}
      save={save}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ topics }, { onSuccess: () => edited.settle(topics) })
      }}
    >
      {topics.map((topic) => (
        <Group key={topic.topic} gap="sm">
          <Code w={{ base: '100%', sm: 92 }} style={{ overflowWrap: 'anywhere' }}>
            {topic.topic}
          </Code>
          <TextInput
            aria-label={t('settings.policy.topicTitle')}
            placeholder={t('settings.policy.topicTitle')}
            value={topic.title}
            required
            maxLength={80}
            flex="1 1 170px"
            onChange={(event) => change(topic.topic, { title: event.currentTarget.value })}
          />
          <TextInput
            aria-label={t('settings.policy.topicDescription')}
            placeholder={t('settings.policy.topicDescription')}
            value={topic.description}
            maxLength={300}
            flex="2 1 260px"
            onChange={(event) => change(topic.topic, { description: event.currentTarget.value })}
          />
          {mayWrite ? (
            <CloseButton
              aria-label={t('settings.policy.removeTopic', { title: topic.title })}
              onClick={() => edited.change(topics.filter((each) => each.topic !== topic.topic))}
            />
          ) : null}
        </Group>
      ))}
      {mayWrite && topics.length < 50 ? (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          style={{ alignSelf: 'flex-start' }}
          onClick={add}
        >
          {t('settings.policy.addTopic')}
        </Button>
      ) : null}
    </PolicyPanelFrame>
  )
}
