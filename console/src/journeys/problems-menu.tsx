import type { JourneyProblem } from '@baton/contract'
import { Anchor, Badge, Button, Popover, Stack, Text } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import { useState } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { stepOf } from './edit-steps.ts'
import { useEditor } from './editor-context.ts'

interface ProblemsMenuProps {
  /** The draft was checked. */
  readonly isReady: boolean
  /** The draft is what people go through: nothing to say when nothing is wrong. */
  readonly isPublished: boolean
}

/** What must be mended before publishing; each leads to its step. */
export const ProblemsMenu = ({ isReady, isPublished }: ProblemsMenuProps) => {
  const t = useTexts()
  const { problems } = useEditor()
  const [opened, setOpened] = useState(false)
  if (!isReady) return null
  if (problems.length === 0 && isPublished) return null
  if (problems.length === 0) return <Badge color="teal">{t('journeys.editor.noProblems')}</Badge>
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={340} withinPortal={false} trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="orange"
          c="var(--mantine-color-orange-light-color)"
          size="compact-sm"
          leftSection={<IconAlertTriangle size={15} aria-hidden />}
          onClick={() => setOpened((open) => !open)}
        >
          {t('journeys.editor.problems', { count: problems.length })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('journeys.editor.problems', { count: problems.length })}>
        <ProblemList onGo={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}

export const ProblemList = ({ onGo }: { readonly onGo: () => void }) => {
  const { problems } = useEditor()
  return (
    <Stack gap="xs" component="ul" m={0} p={0} mah={360} style={{ listStyle: 'none', overflowY: 'auto' }}>
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.stepId ?? ''} ${problem.field ?? ''}`}>
          <Problem problem={problem} onGo={onGo} />
        </li>
      ))}
    </Stack>
  )
}

const Problem = ({ problem, onGo }: { readonly problem: JourneyProblem; readonly onGo: () => void }) => {
  const t = useTexts()
  const editor = useEditor()
  const step = stepOf(editor.draft, problem.stepId)
  const isOfSteps = problem.stepId === null && (problem.field === 'steps' || problem.field === 'start')
  const go = () => {
    if (step !== undefined) editor.select({ kind: 'step', stepId: step.id })
    else if (isOfSteps) editor.select({ kind: 'add', way: { from: null, port: 'start' } })
    else editor.select({ kind: 'entry' })
    onGo()
  }
  return (
    <>
      <Anchor component="button" type="button" size="sm" fw={550} ta="start" onClick={go}>
        {step === undefined ? t('journeys.kinds.entry') : editor.words.titleOf(step)}
      </Anchor>
      <Text size="sm">{problem.message}</Text>
      <Text size="xs" c="dimmed">
        {problem.remedy}
      </Text>
    </>
  )
}
