import { type JourneyTemplate, journey, journeyTemplateList } from '@baton/contract'
import {
  Badge,
  Box,
  Button,
  Group,
  Modal,
  Paper,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Title,
  VisuallyHidden,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useApi } from '../api/use-api.ts'
import { useHere } from '../app/session-context.ts'
import { useEventCatalogue } from '../segments/use-event-catalogue.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { readDraft } from './editable-draft.ts'
import { iconOf } from './step-icons.ts'
import classes from './template-steps.module.css'
import { useStepWords } from './use-step-words.ts'
import { whyReadOnly } from './why-read-only.ts'

interface Choice {
  readonly template: string | null
  readonly title: string
}

export const NewJourneyPage = () => {
  const t = useTexts()
  const answer = useApi('/v1/journey-templates', journeyTemplateList)
  const [chosen, setChosen] = useState<Choice | null>(null)
  return (
    <>
      <PageHeader
        title={t('journeys.new.title')}
        lead={t('journeys.new.lead')}
        back={{ to: '/journeys', label: t('journeys.title') }}
        actions={
          <Button variant="default" onClick={() => setChosen({ template: null, title: '' })}>
            {t('journeys.new.begin')}
          </Button>
        }
      />
      {answer.error === null ? null : <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {answer.isPending ? [0, 1, 2].map((each) => <Skeleton key={each} height={260} />) : null}
        {answer.data?.items.map((template) => (
          <TemplateCard
            key={template.key}
            template={template}
            onUse={() => setChosen({ template: template.key, title: template.title })}
          />
        ))}
      </SimpleGrid>
      <NameModal choice={chosen} onClose={() => setChosen(null)} />
    </>
  )
}

interface TemplateCardProps {
  readonly template: JourneyTemplate
  readonly onUse: () => void
}

const TemplateCard = ({ template, onUse }: TemplateCardProps) => {
  const t = useTexts()
  const words = useStepWords()
  const { workspace } = useHere()
  const { events: sent } = useEventCatalogue()
  const draft = readDraft(template.draft)
  return (
    <Paper
      withBorder
      p="md"
      component="section"
      aria-label={template.title}
      display="flex"
      style={{ flexDirection: 'column' }}
    >
      <Title order={2} mb={4}>
        {template.title}
      </Title>
      <Text c="dimmed">{template.description}</Text>
      <ol className={classes.steps} aria-label={t('journeys.new.steps')}>
        {draft.steps.map((step) => {
          const IconOf = iconOf(step.kind)
          return (
            <li key={step.id}>
              <IconOf size={15} stroke={1.7} aria-hidden />
              <span>{words.titleOf(step)}</span>
            </li>
          )
        })}
      </ol>
      <Box flex={1} />
      <Text size="xs" c="dimmed" mb={4}>
        {t('journeys.new.listens')}
      </Text>
      <Group gap={6} mb="md">
        {template.events.map((event) => {
          const isSent = sent.includes(event)
          return (
            <Badge
              key={event}
              color={isSent ? 'teal' : 'gray'}
              title={t(isSent ? 'journeys.new.seen' : 'journeys.new.notSeen')}
              {...(isSent ? { leftSection: <IconCheck size={12} aria-hidden /> } : {})}
            >
              {event}
            </Badge>
          )
        })}
      </Group>
      {whyReadOnly(workspace, draft.phase) === 'phase' ? (
        <Text c="dimmed">{t('journeys.new.otherPhase', { phase: t.code('journeys.phases', draft.phase) })}</Text>
      ) : (
        <Button variant="default" onClick={onUse} style={{ alignSelf: 'flex-start' }}>
          {t('journeys.new.use')}
          <VisuallyHidden>: {template.title}</VisuallyHidden>
        </Button>
      )}
    </Paper>
  )
}

const NameModal = ({ choice, onClose }: { readonly choice: Choice | null; readonly onClose: () => void }) => {
  const t = useTexts()
  return (
    <Modal
      opened={choice !== null}
      onClose={onClose}
      title={t('journeys.new.chooseName')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      {choice === null ? null : <NameForm choice={choice} onClose={onClose} />}
    </Modal>
  )
}

const NameForm = ({ choice, onClose }: { readonly choice: Choice; readonly onClose: () => void }) => {
  const t = useTexts()
  const navigate = useNavigate()
  const form = useForm({
    initialValues: { name: choice.title },
    validate: { name: (name) => (name.trim() === '' ? t('journeys.new.nameMissing') : null) },
  })
  const make = useAction({
    run: ({ name }: typeof form.values) =>
      api.post(
        '/v1/journeys',
        { name: name.trim(), ...(choice.template === null ? {} : { template: choice.template }) },
        journey,
      ),
    refreshes: ['/v1/journeys'],
    quiet: true,
    onDone: ({ journeyId }) => void navigate({ to: '/journeys/$journeyId', params: { journeyId } }),
  })
  return (
    <form onSubmit={form.onSubmit((values) => make.mutate(values))}>
      <Stack>
        {make.error === null ? null : <ErrorPanel error={make.error} />}
        <TextInput label={t('journeys.new.name')} maxLength={120} data-autofocus {...form.getInputProps('name')} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {t('journeys.new.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
