import { type Journey, journeyCounts, journeyValidation } from '@baton/contract'
import { ActionIcon, Box, Button, Drawer, Group, Paper, SegmentedControl, Text, Tooltip } from '@mantine/core'
import { useHotkeys, useMediaQuery, useWindowEvent } from '@mantine/hooks'
import IconArrowBackUp from '@tabler/icons-react/dist/esm/icons/IconArrowBackUp.mjs'
import IconArrowForwardUp from '@tabler/icons-react/dist/esm/icons/IconArrowForwardUp.mjs'
import IconPlayerPlay from '@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useApi } from '../api/use-api.ts'
import { useChosenWorkspaceId } from '../api/workspace-choice.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { JourneyCanvas } from './canvas/journey-canvas.tsx'
import type { SaveState } from './draft-keeper.ts'
import { deleteStep, duplicateStep } from './edit-steps.ts'
import { readDraft } from './editable-draft.ts'
import { type Editor, EditorContext, type Selection } from './editor-context.ts'
import classes from './journey-editor.module.css'
import { JourneyListView } from './journey-list-view.tsx'
import { boxIdOf, entryBoxId } from './open-card.tsx'
import { OvertakenPanel } from './overtaken-panel.tsx'
import { ProblemsMenu } from './problems-menu.tsx'
import { PublishButton } from './publish-dialog.tsx'
import { StepPanel } from './step-panel.tsx'
import { useTryOut } from './try/use-try-out.ts'
import { walkedSteps } from './try/way-rows.ts'
import { useAutosave } from './use-autosave.ts'
import { useHistory } from './use-history.ts'
import { useStepWords } from './use-step-words.ts'
import type { whyReadOnly } from './why-read-only.ts'

const viewDefaults = { view: '' }
const tryButtonId = 'try-out'

/** The element that a panel gives focus back to. */
const openedFrom = (selection: Exclude<Selection, { kind: 'add' }>): string => {
  if (selection.kind === 'try') return tryButtonId
  return selection.kind === 'entry' ? entryBoxId : boxIdOf(selection.stepId)
}

interface JourneyEditorProps {
  readonly journey: Journey
  /** Why she may only look; null: she may change it. */
  readonly readOnly: ReturnType<typeof whyReadOnly>
}

/** Canvas or list, the side panel, undo and redo; the draft saves itself and is checked after every save. */
export const JourneyEditor = ({ journey, readOnly }: JourneyEditorProps) => {
  const mayEdit = readOnly === null
  const t = useTexts()
  const workspaceId = useChosenWorkspaceId()
  const { journeyId } = journey
  const history = useHistory(useState(() => readDraft(journey.draft))[0])
  const draft = history.now
  const autosave = useAutosave(journey, history)
  // Leaving for another page of the console saves; where that was refused, or the window is closed, it would be lost.
  useUnsaved(autosave.state === 'failed' || autosave.state === 'overtaken')
  useWindowEvent('beforeunload', (event) => {
    if (autosave.state !== 'saved') event.preventDefault()
  })
  const [selection, setSelection] = useState<Selection | null>(null)
  const words = useStepWords()
  const mayTry = useHere().workspace.permissions.includes('people:read')
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const { values, set } = useUrlFilters(viewDefaults)
  const view = values.view === 'list' || values.view === 'canvas' ? values.view : isNarrow ? 'list' : 'canvas'

  const counted = useApi(`/v1/journeys/${journeyId}/counts`, journeyCounts, {
    refetchMs: 5_000,
    enabled: journey.version !== null,
  })
  const counts = useMemo(() => new Map((counted.data?.steps ?? []).map((each) => [each.stepId, each])), [counted.data])
  const checked = useQuery({
    queryKey: ['api', workspaceId, `/v1/journeys/${journeyId}/validate`, autosave.revision],
    queryFn: ({ signal }) => api.post(`/v1/journeys/${journeyId}/validate`, {}, journeyValidation, { signal }),
    placeholderData: keepPreviousData,
  })
  const rename = useAction({ run: autosave.rename, refreshes: ['/v1/journeys'] })

  const select = useCallback((next: Selection | null) => {
    setSelection((before) => {
      // The panel goes: the keyboard returns to the box it was about.
      if (next === null && before !== null && before.kind !== 'add') {
        const boxId = openedFrom(before)
        requestAnimationFrame(() => document.getElementById(boxId)?.focus())
      }
      return next
    })
  }, [])

  const tryOut = useTryOut(journeyId, draft, autosave.flush)
  const tried = selection?.kind === 'try' ? tryOut.answer : null
  const walked = useMemo(() => (tried === null ? null : walkedSteps(tried.runs)), [tried])

  const problems = checked.data?.problems ?? []
  const editor: Editor = {
    journeyId,
    draft,
    change: (next, what) => {
      if (mayEdit) history.change(next, what)
    },
    selection,
    select,
    counts,
    problems,
    mayEdit,
    words,
    name: rename.isPending ? rename.variables : journey.name,
    rename: (name) => rename.mutate(name),
    tryOut,
    walked,
    versions: journey.versions.map(({ version }) => version),
  }

  const removeSelected = () => {
    if (selection?.kind !== 'step' || !mayEdit) return
    history.change(deleteStep(draft, selection.stepId))
    setSelection(null)
  }
  const copySelected = () => {
    const copy = selection?.kind === 'step' && mayEdit ? duplicateStep(draft, selection.stepId) : null
    if (copy === null) return
    history.change(copy.draft)
    setSelection({ kind: 'step', stepId: copy.stepId })
  }
  useHotkeys([
    ['mod+Z', history.undo],
    ['mod+shift+Z', history.redo],
    ['mod+Y', history.redo],
    ['mod+D', copySelected],
    ['Delete', removeSelected],
    ['Escape', () => select(null)],
  ])

  const titleOfPhase = (phase: string | null): string => (phase === null ? '' : t.code('journeys.phases', phase))
  const panel = <StepPanel />
  return (
    <EditorContext value={editor}>
      <Group justify="space-between" gap="xs" mb="xs">
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={t('journeys.editor.view')}
            value={view}
            onChange={(next) => set({ view: next })}
            data={[
              { value: 'canvas', label: t('journeys.editor.canvas') },
              { value: 'list', label: t('journeys.editor.list') },
            ]}
          />
          {mayEdit ? <UndoButtons history={history} /> : null}
          {mayEdit ? <SaveText state={autosave.state} /> : null}
        </Group>
        <Group gap="xs">
          {mayTry ? (
            <Button
              id={tryButtonId}
              variant="default"
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              aria-expanded={selection?.kind === 'try'}
              onClick={() => select(selection?.kind === 'try' ? null : { kind: 'try' })}
            >
              {t('journeys.try.title')}
            </Button>
          ) : null}
          <ProblemsMenu
            isReady={checked.data !== undefined}
            isPublished={!journey.changed && journey.version !== null}
          />
          {mayEdit ? (
            <PublishButton journey={journey} beforeOpening={autosave.flush} isUnsaved={autosave.state !== 'saved'} />
          ) : null}
        </Group>
      </Group>
      {readOnly === null ? null : (
        <Text c="dimmed" mb="xs">
          {t(`journeys.readOnly.${readOnly}`, { phase: titleOfPhase(journey.phase) })}
        </Text>
      )}
      {autosave.error === null ? null : (
        <Box mb="xs">
          <ErrorPanel error={autosave.error} onRetry={autosave.save} />
        </Box>
      )}
      {autosave.overtakenBy === null ? null : (
        <Box mb="xs">
          <OvertakenPanel by={autosave.overtakenBy} onLoad={autosave.load} />
        </Box>
      )}
      {counted.data?.balanced === false ? (
        <Text c="var(--mantine-color-error)" mb="xs">
          {t('journeys.runs.unbalanced')}
        </Text>
      ) : null}
      <div className={classes.stage} data-view={view}>
        <div className={classes.view}>{view === 'canvas' ? <JourneyCanvas /> : <JourneyListView />}</div>
        {isNarrow || selection === null ? null : (
          <Paper withBorder className={classes.panel ?? ''}>
            {panel}
          </Paper>
        )}
      </div>
      <Drawer
        opened={isNarrow === true && selection !== null}
        onClose={() => select(null)}
        position="bottom"
        size="88%"
        withCloseButton={false}
        padding={0}
        attributes={{ content: { 'aria-label': t('journeys.editor.settings') } }}
        styles={{ body: { height: '100%' } }}
      >
        {panel}
      </Drawer>
    </EditorContext>
  )
}

const SaveText = ({ state }: { readonly state: SaveState }) => {
  const t = useTexts()
  const said = {
    saved: t('journeys.editor.saved'),
    unsaved: t('journeys.editor.unsaved'),
    saving: t('journeys.editor.saving'),
    failed: t('journeys.editor.saveFailed'),
    overtaken: t('journeys.editor.saveFailed'),
  }
  return (
    <Text
      size="xs"
      c={state === 'failed' || state === 'overtaken' ? 'var(--mantine-color-error)' : 'dimmed'}
      role="status"
    >
      {said[state]}
    </Text>
  )
}

const UndoButtons = ({
  history,
}: {
  readonly history: Pick<ReturnType<typeof useHistory>, 'canUndo' | 'undo' | 'canRedo' | 'redo'>
}) => {
  const t = useTexts()
  return (
    <Group gap={2}>
      <Tooltip label={t('journeys.editor.undo')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          disabled={!history.canUndo}
          onClick={history.undo}
          aria-label={t('journeys.editor.undo')}
        >
          <IconArrowBackUp size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('journeys.editor.redo')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          disabled={!history.canRedo}
          onClick={history.redo}
          aria-label={t('journeys.editor.redo')}
        >
          <IconArrowForwardUp size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}
