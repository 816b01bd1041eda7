import { type JourneyEntry, messagePhase, messagePurpose } from '@baton/contract'
import { Button, Divider, NativeSelect, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useHere } from '../../app/session-context.ts'
import { EventInput } from '../../segments/rule-builder/event-fields.tsx'
import { useEventCatalogue } from '../../segments/use-event-catalogue.ts'
import { useSegmentChoices } from '../../segments/use-segment-names.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { DurationInput } from '../../ui/duration-input.tsx'
import type { EditableDraft } from '../editable-draft.ts'
import { problemAt, useEditor } from '../editor-context.ts'
import classes from '../step-panel.module.css'
import { whyReadOnly } from '../why-read-only.ts'
import { FiltersField } from './filters-field.tsx'
import { PropertyInput } from './property-input.tsx'

/** Who enters, and what holds for the whole journey: phase, purpose, deadline, goal. */
export const EntryForm = () => {
  const t = useTexts()
  const editor = useEditor()
  const change = (part: Partial<EditableDraft>, field: string) =>
    editor.change({ ...editor.draft, ...part }, `journey ${field}`)
  return (
    <fieldset disabled={!editor.mayEdit} className={classes.fields}>
      <Stack gap="sm">
        <EntryFields entry={editor.draft.entry} onChange={(entry, field) => change({ entry }, `entry.${field}`)} />
        <Divider label={t('journeys.form.journey')} labelPosition="left" mt="xs" />
        <WholeJourney change={change} />
        <GoalFields change={change} />
      </Stack>
    </fieldset>
  )
}

interface EntryFieldsProps {
  readonly entry: JourneyEntry
  readonly onChange: (entry: JourneyEntry, field: string) => void
}

const EntryFields = ({ entry, onChange }: EntryFieldsProps) => {
  const t = useTexts()
  const choose = (kind: string) =>
    onChange(
      kind === 'segment'
        ? { kind: 'segment', segmentId: '', on: 'enter', reentry: entry.reentry }
        : { kind: 'event', event: '', where: [], reentry: entry.reentry },
      'kind',
    )
  return (
    <>
      <NativeSelect
        label={t('journeys.form.entry.kind')}
        value={entry.kind}
        data={[
          { value: 'event', label: t('journeys.form.entry.event') },
          { value: 'segment', label: t('journeys.form.entry.segment') },
        ]}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {entry.kind === 'event' ? (
        <EventEntryFields entry={entry} onChange={onChange} />
      ) : (
        <SegmentEntryFields entry={entry} onChange={onChange} />
      )}
      <NativeSelect
        label={t('journeys.form.entry.reentry')}
        value={entry.reentry}
        data={[
          { value: 'after-exit', label: t('journeys.form.entry.reentryYes') },
          { value: 'never', label: t('journeys.form.entry.reentryNo') },
        ]}
        onChange={(event) =>
          onChange({ ...entry, reentry: event.currentTarget.value === 'never' ? 'never' : 'after-exit' }, 'reentry')
        }
      />
    </>
  )
}

type EventEntry = Extract<JourneyEntry, { kind: 'event' }>
type SegmentEntry = Extract<JourneyEntry, { kind: 'segment' }>

const EventEntryFields = ({ entry, onChange }: EntryFieldsProps & { readonly entry: EventEntry }) => {
  const t = useTexts()
  const editor = useEditor()
  const suggestions = useEventCatalogue()
  const properties = suggestions.propertiesOf(entry.event)
  return (
    <>
      <EventInput
        visibleLabel
        label={t('journeys.form.entry.eventName')}
        value={entry.event}
        onChange={(event) => onChange({ ...entry, event }, 'event')}
        suggestions={suggestions}
        error={problemAt(editor, null, 'entry.event')}
      />
      <FiltersField
        label={t('journeys.form.entry.where')}
        where={entry.where}
        onChange={(where) => onChange({ ...entry, where }, 'where')}
        properties={properties}
        error={problemAt(editor, null, 'entry.where')}
      />
      <PropertyInput
        label={t('journeys.form.entry.key')}
        description={t('journeys.form.entry.keyHint')}
        placeholder={t('journeys.form.entry.keyPlaceholder')}
        suggestions={properties}
        value={entry.keyPath}
        onChange={(keyPath) => onChange({ ...entry, keyPath }, 'keyPath')}
        error={problemAt(editor, null, 'entry.keyPath')}
      />
    </>
  )
}

const SegmentEntryFields = ({ entry, onChange }: EntryFieldsProps & { readonly entry: SegmentEntry }) => {
  const t = useTexts()
  const editor = useEditor()
  const segments = useSegmentChoices()
  return (
    <>
      <NativeSelect
        label={t('journeys.form.entry.on')}
        value={entry.on}
        data={[
          { value: 'enter', label: t('journeys.form.entry.enter') },
          { value: 'leave', label: t('journeys.form.entry.leave') },
        ]}
        onChange={(event) =>
          onChange({ ...entry, on: event.currentTarget.value === 'leave' ? 'leave' : 'enter' }, 'on')
        }
      />
      <Select
        label={t('journeys.form.entry.segmentName')}
        placeholder={t('segments.phrase.segmentPlaceholder')}
        data={segments.map(({ segmentId, name }) => ({ value: segmentId, label: name }))}
        searchable
        value={entry.segmentId === '' ? null : entry.segmentId}
        error={problemAt(editor, null, 'entry.segmentId')}
        onChange={(segmentId) => onChange({ ...entry, segmentId: segmentId ?? '' }, 'segmentId')}
      />
    </>
  )
}

interface PartProps {
  readonly change: (part: Partial<EditableDraft>, field: string) => void
}

const WholeJourney = ({ change }: PartProps) => {
  const t = useTexts()
  const editor = useEditor()
  const { workspace } = useHere()
  const { draft } = editor
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <>
      <TextInput
        label={t('journeys.form.name')}
        value={typed ?? editor.name}
        maxLength={120}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => {
          const name = typed?.trim() ?? ''
          if (name !== '' && name !== editor.name) editor.rename(name)
          setTyped(null)
        }}
      />
      <Select
        label={t('journeys.form.phase')}
        description={t('journeys.form.phaseHint')}
        placeholder={t('journeys.form.phasePlaceholder')}
        data={messagePhase.options
          .filter((value) => whyReadOnly(workspace, value) === null || value === draft.phase)
          .map((value) => ({ value, label: t(`journeys.phases.${value}`) }))}
        value={draft.phase === '' ? null : draft.phase}
        error={problemAt(editor, null, 'phase')}
        onChange={(value) => change({ phase: messagePhase.safeParse(value).data ?? '' }, 'phase')}
      />
      <NativeSelect
        label={t('journeys.form.purpose')}
        description={t(`journeys.purposeLeads.${draft.purpose}`)}
        value={draft.purpose}
        data={messagePurpose.options.map((value) => ({ value, label: t(`journeys.purposes.${value}`) }))}
        onChange={(event) => change({ purpose: messagePurpose.parse(event.currentTarget.value) }, 'purpose')}
      />
      <DurationInput
        label={t('journeys.form.deadline')}
        value={draft.messageDeadlineMs}
        onChange={(messageDeadlineMs) => change({ messageDeadlineMs }, 'deadline')}
      />
      <Switch
        label={t('journeys.form.exitOnReply')}
        checked={draft.exitOnReply}
        onChange={(event) => change({ exitOnReply: event.currentTarget.checked }, 'exitOnReply')}
      />
    </>
  )
}

const goalWithinMs = 7 * 24 * 3_600_000

const GoalFields = ({ change }: PartProps) => {
  const t = useTexts()
  const editor = useEditor()
  const suggestions = useEventCatalogue()
  const { goal, entry } = editor.draft
  if (goal === undefined) {
    return (
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: 'flex-start' }}
        onClick={() => change({ goal: { event: '', where: [], withinMs: goalWithinMs } }, 'goal.added')}
      >
        {t('journeys.form.addGoal')}
      </Button>
    )
  }
  const properties = suggestions.propertiesOf(goal.event)
  return (
    <>
      <Divider label={t('journeys.form.goal')} labelPosition="left" mt="xs" />
      <Text size="xs" c="dimmed">
        {t('journeys.form.goalHint')}
      </Text>
      <EventInput
        visibleLabel
        label={t('journeys.form.goalEvent')}
        value={goal.event}
        onChange={(event) => change({ goal: { ...goal, event } }, 'goal.event')}
        suggestions={suggestions}
        error={problemAt(editor, null, 'goal.event')}
      />
      <FiltersField
        label={t('journeys.form.entry.where')}
        where={goal.where}
        onChange={(where) => change({ goal: { ...goal, where } }, 'goal.where')}
        properties={properties}
      />
      {entry.kind === 'event' && entry.keyPath !== undefined ? (
        <PropertyInput
          label={t('journeys.form.sameKey')}
          placeholder={t('journeys.form.sameKeyNone')}
          suggestions={properties}
          value={goal.keyPath}
          onChange={(keyPath) => change({ goal: { ...goal, keyPath } }, 'goal.keyPath')}
          error={problemAt(editor, null, 'goal.keyPath')}
        />
      ) : null}
      <DurationInput
        label={t('journeys.form.goalWithin')}
        description={t('journeys.form.goalWithinHint')}
        value={goal.withinMs}
        onChange={(withinMs) => change({ goal: { ...goal, withinMs } }, 'goal.withinMs')}
        error={problemAt(editor, null, 'goal.withinMs')}
      />
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        style={{ alignSelf: 'flex-start' }}
        onClick={() => change({ goal: undefined }, 'goal.removed')}
      >
        {t('journeys.form.removeGoal')}
      </Button>
    </>
  )
}
