import { ActionIcon, Button, Group, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import IconCopyPlus from '@tabler/icons-react/dist/esm/icons/IconCopyPlus.mjs'
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs'
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { deleteStep, duplicateStep, insertStep, stepOf, type Way } from './edit-steps.ts'
import { useEditor } from './editor-context.ts'
import { iconOf } from './step-icons.ts'
import classes from './step-panel.module.css'
import { EntryForm } from './steps/entry-form.tsx'
import { stepKinds } from './steps/list.ts'
import { StepForm } from './steps/step-form.tsx'
import { TryOutPanel } from './try/try-out-panel.tsx'

/** What is selected: a step's form, the entry's, the choice of a step to add, or trying it out. */
export const StepPanel = () => {
  const t = useTexts()
  const editor = useEditor()
  const { selection, draft } = editor
  if (selection === null) return null
  if (selection.kind === 'entry') {
    return (
      <Frame title={t('journeys.kinds.entry')} key="entry">
        <EntryForm />
      </Frame>
    )
  }
  if (selection.kind === 'add') {
    return (
      <Frame title={t('journeys.step.addTitle')} key="add">
        <KindChoice way={selection.way} />
      </Frame>
    )
  }
  if (selection.kind === 'try') {
    return (
      <Frame title={t('journeys.try.title')} key="try">
        <TryOutPanel />
      </Frame>
    )
  }
  const step = stepOf(draft, selection.stepId)
  if (step === undefined) return null
  return (
    <Frame title={t(`journeys.kinds.${step.kind}`)} key={step.id} footer={<StepActions stepId={step.id} />}>
      <StepProblems stepId={step.id} />
      <fieldset disabled={!editor.mayEdit} className={classes.fields}>
        <StepForm step={step} />
      </fieldset>
    </Frame>
  )
}

/** What is wrong with the step as a whole: a field's own problem stands under the field. */
const StepProblems = ({ stepId }: { readonly stepId: string }) => {
  const { problems } = useEditor()
  const whole = problems.filter((problem) => problem.stepId === stepId && problem.field === null)
  return whole.map((problem) => (
    <Text key={problem.code} size="sm" c="var(--mantine-color-error)" role="alert">
      {problem.message} {problem.remedy}
    </Text>
  ))
}

interface FrameProps {
  readonly title: string
  readonly children: ReactNode
  readonly footer?: ReactNode
}

const Frame = ({ title, children, footer }: FrameProps) => {
  const t = useTexts()
  const editor = useEditor()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <section className={classes.frame} aria-label={title}>
      <Group justify="space-between" wrap="nowrap" className={classes.head ?? ''}>
        <Title order={2} ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
          {title}
        </Title>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('journeys.step.close')}
          onClick={() => editor.select(null)}
        >
          <IconX size={17} aria-hidden />
        </ActionIcon>
      </Group>
      <div className={classes.body}>
        <Stack gap="sm">{children}</Stack>
      </div>
      {footer}
    </section>
  )
}

const StepActions = ({ stepId }: { readonly stepId: string }) => {
  const t = useTexts()
  const editor = useEditor()
  if (!editor.mayEdit) return null
  const copy = duplicateStep(editor.draft, stepId)
  return (
    <Group justify="space-between" className={classes.foot ?? ''}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        leftSection={<IconCopyPlus size={15} aria-hidden />}
        disabled={copy === null}
        onClick={() => {
          if (copy === null) return
          editor.change(copy.draft)
          editor.select({ kind: 'step', stepId: copy.stepId })
        }}
      >
        {t('journeys.step.duplicate')}
      </Button>
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        leftSection={<IconTrash size={15} aria-hidden />}
        onClick={() => {
          editor.change(deleteStep(editor.draft, stepId))
          editor.select(null)
        }}
      >
        {t('journeys.step.delete')}
      </Button>
    </Group>
  )
}

const KindChoice = ({ way }: { readonly way: Way }) => {
  const t = useTexts()
  const editor = useEditor()
  return (
    <Stack gap={6}>
      {stepKinds.map((kind) => {
        const IconOf = iconOf(kind)
        return (
          <UnstyledButton
            key={kind}
            className={classes.choice ?? ''}
            onClick={() => {
              const added = insertStep(editor.draft, way, kind)
              editor.change(added.draft)
              editor.select({ kind: 'step', stepId: added.stepId })
            }}
          >
            <IconOf size={18} stroke={1.7} aria-hidden />
            <span>
              <Text fw={550}>{t(`journeys.kinds.${kind}`)}</Text>
              <Text size="xs" c="dimmed">
                {t(`journeys.kindLeads.${kind}`)}
              </Text>
            </span>
          </UnstyledButton>
        )
      })}
    </Stack>
  )
}
