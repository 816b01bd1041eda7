import { type JourneyStep, type Rule, rule as ruleSchema } from '@baton/contract'
import { Button, CloseButton, Group, Modal, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import IconArrowsSplit from '@tabler/icons-react/dist/esm/icons/IconArrowsSplit.mjs'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { useState } from 'react'
import { z } from 'zod'
import { unfinished } from '../../segments/new-condition.ts'
import { newGroup, toDraft, toRule } from '../../segments/rule-draft.ts'
import { ruleSentence } from '../../segments/rule-sentence.ts'
import { RuleWorkbench } from '../../segments/rule-workbench.tsx'
import { useEventCatalogue } from '../../segments/use-event-catalogue.ts'
import { useSentenceWords } from '../../segments/use-segment-names.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { filters, next, readBy, stepCommon, text } from '../editable-step.ts'
import { problemAt, useEditor } from '../editor-context.ts'
import { FiltersField } from './filters-field.tsx'
import { NextSelect } from './next-select.tsx'
import type { StepFieldsProps, StepView } from './step-view.ts'

type Branch = Extract<JourneyStep, { kind: 'branch' }>['branches'][number]

const BranchFields = ({ step, onChange }: StepFieldsProps<'branch'>) => {
  const t = useTexts()
  const put = (index: number, branch: Branch | null, field: string) =>
    onChange(
      { ...step, branches: step.branches.flatMap((each, at) => (at === index ? (branch ?? []) : each)) },
      `branches.${index}.${field}`,
    )
  return (
    <>
      {step.branches.map((branch, index) => (
        <BranchCard
          // biome-ignore lint/suspicious/noArrayIndexKey: a branch is its place: the first that holds is taken
          key={index}
          stepId={step.id}
          branch={branch}
          index={index}
          onChange={(next, field) => put(index, next, field)}
          onRemove={step.branches.length > 1 ? () => put(index, null, 'removed') : undefined}
        />
      ))}
      {step.branches.length >= 10 ? null : (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          style={{ alignSelf: 'flex-start' }}
          onClick={() =>
            onChange({ ...step, branches: [...step.branches, { label: '', entry: [], next: null }] }, 'branches.added')
          }
        >
          {t('journeys.form.addBranch')}
        </Button>
      )}
      <NextSelect
        label={t('journeys.form.otherwise')}
        stepId={step.id}
        field="otherwise"
        value={step.otherwise}
        onChange={(otherwise) => onChange({ ...step, otherwise }, 'otherwise')}
      />
    </>
  )
}

interface BranchCardProps {
  readonly stepId: string
  readonly branch: Branch
  readonly index: number
  readonly onChange: (branch: Branch, field: string) => void
  readonly onRemove: (() => void) | undefined
}

const BranchCard = ({ stepId, branch, index, onChange, onRemove }: BranchCardProps) => {
  const t = useTexts()
  const editor = useEditor()
  const suggestions = useEventCatalogue()
  const { entry } = editor.draft
  const properties = entry.kind === 'event' ? suggestions.propertiesOf(entry.event) : []
  const errorAt = (field: string) => problemAt(editor, stepId, `branches.${index}.${field}`)
  const takesAll = branch.entry.length === 0 && branch.when === undefined
  return (
    <Paper withBorder p="sm" bg="var(--baton-surface)">
      <Stack gap="xs">
        <Group justify="space-between" mih={26}>
          <Text fw={550}>{t('journeys.form.branch', { number: index + 1 })}</Text>
          {onRemove === undefined ? null : (
            <CloseButton
              size="sm"
              aria-label={t('journeys.form.removeBranch', { number: index + 1 })}
              onClick={onRemove}
            />
          )}
        </Group>
        <TextInput
          label={t('journeys.form.branchLabel')}
          maxLength={80}
          value={branch.label}
          error={errorAt('label')}
          onChange={(event) => onChange({ ...branch, label: event.currentTarget.value }, 'label')}
        />
        {entry.kind === 'event' ? (
          <FiltersField
            label={t('journeys.form.branchEntry')}
            where={branch.entry}
            onChange={(filters) => onChange({ ...branch, entry: filters }, 'entry')}
            properties={properties}
            error={errorAt('entry')}
          />
        ) : null}
        <BranchRule
          index={index}
          rule={branch.when}
          error={errorAt('when')}
          onChange={(when) => onChange({ ...branch, when }, 'when')}
        />
        {takesAll ? (
          <Text size="xs" c="dimmed">
            {t('journeys.form.branchAll')}
          </Text>
        ) : null}
        <NextSelect
          label={t('journeys.step.goesOn')}
          stepId={stepId}
          field={`branches.${index}.next`}
          value={branch.next}
          onChange={(next) => onChange({ ...branch, next }, 'next')}
        />
      </Stack>
    </Paper>
  )
}

interface BranchRuleProps {
  readonly index: number
  readonly rule: Rule | undefined
  readonly error: string | undefined
  readonly onChange: (rule: Rule | undefined) => void
}

/** The rule about the person is written in the segment builder, with its live counts. */
const BranchRule = ({ index, rule, error, onChange }: BranchRuleProps) => {
  const t = useTexts()
  const words = useSentenceWords()
  const [opened, dialog] = useDisclosure(false)
  return (
    <div>
      <Text size="sm" fw={500} mb={2}>
        {t('journeys.form.branchRule')}
      </Text>
      {rule === undefined ? null : <Text c="dimmed">{ruleSentence(rule, words)}</Text>}
      {error === undefined ? null : (
        <Text size="xs" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
      <Group gap={4} mt={2}>
        <Button variant="subtle" size="compact-sm" onClick={dialog.open}>
          {t(rule === undefined ? 'journeys.form.addRule' : 'journeys.form.editRule')}
        </Button>
        {rule === undefined ? null : (
          <Button variant="subtle" color="gray" size="compact-sm" onClick={() => onChange(undefined)}>
            {t('journeys.form.removeRule')}
          </Button>
        )}
      </Group>
      <Modal
        opened={opened}
        onClose={dialog.close}
        size={1080}
        title={t('journeys.form.ruleTitle', { number: index + 1 })}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        <RuleDialog
          rule={rule}
          onDone={(next) => {
            onChange(next)
            dialog.close()
          }}
        />
      </Modal>
    </div>
  )
}

const RuleDialog = ({ rule, onDone }: { readonly rule: Rule | undefined; readonly onDone: (rule: Rule) => void }) => {
  const t = useTexts()
  const [draft, setDraft] = useState(() => (rule === undefined ? newGroup() : toDraft(rule)))
  return (
    <Stack>
      <RuleWorkbench draft={draft} onChange={setDraft} />
      <Group justify="flex-end">
        <Button disabled={unfinished(draft).length > 0} onClick={() => onDone(toRule(draft).rule)}>
          {t('journeys.form.ruleDone')}
        </Button>
      </Group>
    </Stack>
  )
}

export const branch: StepView<'branch'> = {
  kind: 'branch',
  icon: IconArrowsSplit,
  empty: (id) => ({ id, kind: 'branch', branches: [{ label: '', entry: [], next: null }], otherwise: null }),
  read: readBy(
    z.looseObject({
      ...stepCommon,
      kind: z.literal('branch'),
      branches: z
        .array(z.looseObject({ label: text, entry: filters, when: ruleSchema.optional(), next }))
        .default([{ label: '', entry: [], next: null }]),
      otherwise: next,
    }),
  ),
  ports: ({ branches, otherwise }) => [
    ...branches.map(({ next, label }, index) => ({ port: `branches.${index}`, next, label })),
    { port: 'otherwise', next: otherwise, label: null },
  ],
  // None of the branches held.
  mainPort: 'otherwise',
  withPort: (step, port, next) =>
    port === 'otherwise'
      ? { ...step, otherwise: next }
      : {
          ...step,
          branches: step.branches.map((each, index) => (port === `branches.${index}` ? { ...each, next } : each)),
        },
  summary: ({ branches }, { t }) => t('journeys.summary.branches', { count: branches.length }),
  Fields: BranchFields,
}
