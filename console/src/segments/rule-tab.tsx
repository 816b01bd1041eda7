import { type Segment, segment as segmentSchema } from '@baton/contract'
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ChangedMeanwhile } from '../ui/changed-meanwhile.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { Panel } from '../ui/panel.tsx'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { unfinished } from './new-condition.ts'
import { toDraft, toRule } from './rule-draft.ts'
import { ruleSentence } from './rule-sentence.ts'
import { RuleWorkbench } from './rule-workbench.tsx'
import { useSentenceWords } from './use-segment-names.ts'

/** Edits name, description and rule; who would come and go stands beside it before it is saved. */
export const RuleTab = ({ segment, mayWrite }: { readonly segment: Segment; readonly mayWrite: boolean }) => {
  const words = useSentenceWords()
  if (!mayWrite) return <Panel>{ruleSentence(segment.rule, words)}</Panel>
  return <Editor newest={segment} />
}

const Editor = ({ newest }: { readonly newest: Segment }) => {
  const [base, setBase] = useState(newest)
  return <RuleForm key={base.updatedAt} segment={base} newest={newest} onBase={setBase} />
}

interface RuleFormProps {
  /** What stands here was made from it. */
  readonly segment: Segment
  /** As it was read last. */
  readonly newest: Segment
  /** Begins anew with another one. */
  readonly onBase: (segment: Segment) => void
}

const RuleForm = ({ segment, newest, onBase }: RuleFormProps) => {
  const t = useTexts()
  const [expected, setExpected] = useState(segment.updatedAt)
  const [draft, setDraft] = useState(() => toDraft(segment.rule))
  const [original] = useState(draft)
  const [name, setName] = useState(segment.name)
  const [description, setDescription] = useState(segment.description)
  const isChanged = draft !== original || name !== segment.name || description !== segment.description
  useUnsaved(isChanged)
  const isReady = unfinished(draft).length === 0 && name.trim() !== ''
  const save = useAction({
    run: () =>
      api.put(
        `/v1/segments/${segment.segmentId}`,
        { name: name.trim(), description, rule: toRule(draft).rule, expectedUpdatedAt: expected },
        segmentSchema,
      ),
    onDone: onBase,
    refreshes: ['/v1/segments'],
    done: t('segments.saved'),
    quiet: true,
  })
  const isNewer = newest.updatedAt > expected && !save.isPending
  useEffect(() => {
    if (isNewer && !isChanged) onBase(newest)
  }, [isNewer, isChanged, newest, onBase])
  const isBehind = isNewer && isChanged
  const discard = () => {
    setDraft(original)
    setName(segment.name)
    setDescription(segment.description)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) save.mutate()
      }}
    >
      <Stack>
        {isBehind ? (
          <ChangedMeanwhile
            title={t('segments.behind')}
            onLoad={() => onBase(newest)}
            onKeep={() => {
              save.reset()
              setExpected(newest.updatedAt)
            }}
          />
        ) : null}
        {save.error === null || isBehind ? null : <ErrorPanel error={save.error} />}
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t('segments.name')}
            value={name}
            maxLength={120}
            required
            flex="1 1 200px"
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t('segments.description')}
            placeholder={t('segments.descriptionPlaceholder')}
            value={description}
            maxLength={2000}
            flex="2 1 240px"
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
        </Group>
        <RuleWorkbench draft={draft} onChange={setDraft} segmentId={segment.segmentId} />
        <Group gap="xs" justify="flex-end">
          {unfinished(draft).length === 0 ? null : <Text c="dimmed">{t('segments.mendFirst')}</Text>}
          <Button variant="default" onClick={discard} disabled={!isChanged}>
            {t('segments.discard')}
          </Button>
          <Button type="submit" disabled={!isChanged || !isReady} loading={save.isPending}>
            {t('segments.saveChanges')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
