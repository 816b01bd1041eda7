import { policySettings } from '@baton/contract'
import { Anchor, Group, Select, Text } from '@mantine/core'
import IconMail from '@tabler/icons-react/dist/esm/icons/IconMail.mjs'
import { Link } from '@tanstack/react-router'
import { z } from 'zod'
import { useApi } from '../../api/use-api.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { emptyToNone, next, readBy, stepCommon, text } from '../editable-step.ts'
import { problemAt, useEditor } from '../editor-context.ts'
import { useTemplateChoices } from '../use-template-choices.ts'
import { NextSelect } from './next-select.tsx'
import type { StepFieldsProps, StepView } from './step-view.ts'

const MessageFields = ({ step, onChange }: StepFieldsProps<'message'>) => {
  const t = useTexts()
  const editor = useEditor()
  const templates = useTemplateChoices()
  const { data: policy } = useApi('/v1/policy', policySettings)
  const chosen = templates.find(({ templateId }) => templateId === step.templateId)
  const known = policy?.topics ?? []
  const topics = [
    ...known.map(({ topic, title }) => ({ value: topic, label: title })),
    ...(step.topic === '' || known.some(({ topic }) => topic === step.topic)
      ? []
      : [{ value: step.topic, label: step.topic }]),
  ]
  return (
    <>
      <Select
        label={t('journeys.form.template')}
        placeholder={t('journeys.form.templatePlaceholder')}
        data={templates.map(({ templateId, name }) => ({ value: templateId, label: name }))}
        searchable
        value={step.templateId === '' ? null : step.templateId}
        error={problemAt(editor, step.id, 'templateId')}
        onChange={(templateId) => {
          const template = templates.find((each) => each.templateId === templateId)
          const topic = step.topic === '' ? (template?.topic ?? '') : step.topic
          onChange({ ...step, templateId: templateId ?? '', topic }, 'templateId')
        }}
      />
      {chosen === undefined ? null : (
        <Text size="xs" c="dimmed" mt={-6} truncate>
          {chosen.subject}
        </Text>
      )}
      <Group gap="md" mt={-6}>
        {chosen === undefined ? null : (
          <Anchor
            size="xs"
            renderRoot={(props) => (
              <Link to="/messages/templates/$templateId" params={{ templateId: chosen.templateId }} {...props} />
            )}
          >
            {t('journeys.form.openTemplate')}
          </Anchor>
        )}
        <Anchor
          size="xs"
          renderRoot={(props) => (
            <Link to="/messages/templates/$templateId" params={{ templateId: 'new' }} {...props} />
          )}
        >
          {t('journeys.form.newTemplate')}
        </Anchor>
      </Group>
      <Select
        label={t('journeys.form.topic')}
        description={t('journeys.form.topicHint')}
        placeholder={t('journeys.form.topicPlaceholder')}
        data={topics}
        value={step.topic === '' ? null : step.topic}
        error={problemAt(editor, step.id, 'topic')}
        onChange={(topic) => onChange({ ...step, topic: topic ?? '' }, 'topic')}
      />
      <NextSelect
        label={t('journeys.step.goesOn')}
        stepId={step.id}
        field="next"
        value={step.next}
        onChange={(next) => onChange({ ...step, next }, 'next')}
      />
    </>
  )
}

export const message: StepView<'message'> = {
  kind: 'message',
  icon: IconMail,
  empty: (id) => ({ id, kind: 'message', templateId: '', channel: 'email', topic: '', next: null }),
  read: readBy(
    z.looseObject({
      ...stepCommon,
      kind: z.literal('message'),
      templateId: text,
      channel: z.literal('email').default('email'),
      topic: text,
      next,
    }),
  ),
  write: (step) => ({ ...step, templateId: emptyToNone(step.templateId) }),
  plansMessages: true,
  ports: ({ next }) => [{ port: 'next', next, label: null }],
  mainPort: 'next',
  withPort: (step, _port, next) => ({ ...step, next }),
  summary: ({ templateId }, { t, templateName }) => templateName(templateId) ?? t('journeys.summary.noTemplate'),
  isWanting: ({ templateId }) => templateId === '',
  Fields: MessageFields,
}
