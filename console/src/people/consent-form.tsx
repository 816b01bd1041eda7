import { messagePurpose, type PersonPolicy, personPolicy, type Topic } from '@baton/contract'
import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import {
  type Answer,
  answerOf,
  type ConsentValues,
  changedPurposes,
  consentChange,
  consentValues,
} from './consent-change.ts'

interface ConsentFormProps {
  readonly personId: string
  readonly allowed: PersonPolicy
  readonly topics: readonly Topic[]
  readonly onClose: () => void
}

export const ConsentForm = ({ personId, allowed: newest, topics, onClose }: ConsentFormProps) => {
  const t = useTexts()
  // What stood there when the form was opened: against it, what the user changes is told from what she changed herself.
  const [allowed] = useState(newest)
  const form = useForm<ConsentValues>({
    initialValues: consentValues(allowed),
    validate: {
      source: (source, values) =>
        source.trim() === '' && changedPurposes(values, allowed).length > 0
          ? t('people.consent.form.sourceMissing')
          : null,
    },
  })
  const save = useAction({
    run: (values: ConsentValues) =>
      api.put(`/v1/people/${personId}/consent`, consentChange(values, allowed), personPolicy),
    refreshes: [`/v1/people/${personId}`],
    done: t('people.consent.form.saved'),
    onDone: onClose,
    quiet: true,
  })
  const isNothing = Object.keys(consentChange(form.values, allowed)).length === 0
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('people.consent.form.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack gap="sm">
          <Text c="dimmed">{t('people.consent.form.lead')}</Text>
          {newest === allowed || save.isPending ? null : (
            <Alert color="yellow">{t('people.consent.form.changedMeanwhile')}</Alert>
          )}
          {messagePurpose.options.map((purpose) => (
            <Group key={purpose} justify="space-between" gap="xs">
              <Text id={`purpose-${purpose}`}>{t(`journeys.purposes.${purpose}`)}</Text>
              <SegmentedControl
                size="xs"
                aria-labelledby={`purpose-${purpose}`}
                data={answersFor(answerOf(allowed, purpose)).map((value) => ({
                  value,
                  label: t(`people.consent.${value}`),
                }))}
                {...form.getInputProps(`answers.${purpose}`)}
              />
            </Group>
          ))}
          {changedPurposes(form.values, allowed).length === 0 ? null : (
            <>
              <TextInput
                label={t('people.consent.form.source')}
                description={t('people.consent.form.sourceHint')}
                {...form.getInputProps('source')}
              />
              <TextInput label={t('people.consent.form.wording')} {...form.getInputProps('wording')} />
            </>
          )}
          <Checkbox
            label={t('people.consent.form.leftAll')}
            {...form.getInputProps('unsubscribedAll', { type: 'checkbox' })}
          />
          <MultiSelect
            label={t('people.consent.form.topics')}
            data={topics.map((one) => ({ value: one.topic, label: one.title }))}
            {...form.getInputProps('topicsOff')}
          />
          <Group grow align="flex-start">
            <TextInput
              type="date"
              label={t('people.consent.form.pausedUntil')}
              description={t('people.consent.form.pausedHint')}
              {...form.getInputProps('pausedUntil')}
            />
            <NumberInput
              min={1}
              max={100}
              label={t('people.consent.form.weekly')}
              description={t('people.consent.form.weeklyHint')}
              {...form.getInputProps('weeklyLimit')}
            />
          </Group>
          <Checkbox
            label={t('people.consent.form.suppress')}
            {...form.getInputProps('suppressed', { type: 'checkbox' })}
          />
          {save.error === null ? null : <ErrorPanel error={save.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={isNothing}>
              {t('people.consent.form.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** What was said can't become unsaid. */
const answersFor = (before: Answer): readonly Answer[] =>
  before === 'notAsked' ? ['notAsked', 'given', 'withdrawn'] : ['given', 'withdrawn']
