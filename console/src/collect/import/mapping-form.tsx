import { Button, FileButton, Group, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useHere } from '../../app/session-context.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { Panel } from '../../ui/panel.tsx'
import { fileKinds } from './choose-file.tsx'
import { ColumnFields } from './column-fields.tsx'
import { type SampleChoices, sampleOf } from './file-sample.ts'
import { formatBytes } from './file-size.ts'
import { draftOf, type ImportDraft, mappingOf, problemsOf } from './import-draft.ts'
import { SampleTable } from './sample-table.tsx'
import { SettingsFields } from './settings-fields.tsx'
import { useFocusFirst } from './use-focus-first.ts'
import type { SentFile } from './use-sending.ts'

interface MappingFormProps {
  readonly file: File
  /** The beginning of the file. */
  readonly text: string
  readonly isWhole: boolean
  readonly source: string
  readonly onAnother: (file: File) => void
  readonly onCancel: () => void
  readonly onStart: (mapping: SentFile['mapping']) => void
}

/** How the file is read: proposed by its header and cells, corrected by who knows it. */
export const MappingForm = (props: MappingFormProps) => {
  const t = useTexts()
  const { file } = props
  const { sample, draft, set, choose } = useDraft(props)
  const form = useFocusFirst<HTMLFormElement>()
  const problems = problemsOf(draft, sample)
  const open = Object.keys(problems).length
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (open === 0) props.onStart(mappingOf(draft, sample))
    else event.currentTarget.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }
  return (
    <form noValidate onSubmit={submit} ref={form} tabIndex={-1} style={{ outline: 'none' }}>
      <Panel
        title={file.name}
        aside={
          <Group gap="xs">
            <Text size="xs" c="dimmed" className="baton-numbers">
              {formatBytes(file.size)}
            </Text>
            <FileButton onChange={(next) => (next === null ? undefined : props.onAnother(next))} accept={fileKinds}>
              {(button) => (
                <Button variant="default" size="compact-sm" {...button}>
                  {t('imports.file.another')}
                </Button>
              )}
            </FileButton>
          </Group>
        }
        style={{ overflowWrap: 'anywhere' }}
      >
        <Stack gap="lg">
          <SampleTable name={file.name} sample={sample} draft={draft} />
          <ColumnFields sample={sample} draft={draft} problems={problems} onChange={set} />
          <SettingsFields sample={sample} draft={draft} problems={problems} onChange={set} onChoose={choose} />
          <Text c="dimmed" size="xs">
            {t('imports.promise')}
          </Text>
          <Group justify="flex-end" gap="xs">
            {open === 0 ? null : (
              <Text size="xs" c="var(--mantine-color-error)" mr="auto">
                {t('imports.open', { count: open })}
              </Text>
            )}
            <Button variant="default" onClick={props.onCancel}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit">{t('imports.start')}</Button>
          </Group>
        </Stack>
      </Panel>
    </form>
  )
}

/** Another separator or header makes other columns, so the proposal begins anew; the rest stays as it was answered. */
const useDraft = ({ text, isWhole, source }: MappingFormProps) => {
  const { workspace } = useHere()
  const [choices, setChoices] = useState<SampleChoices>({})
  const [sample, setSample] = useState(() => sampleOf(text, isWhole))
  const [draft, setDraft] = useState(() =>
    draftOf(sample, { defaultCurrency: workspace.currency, guests: 'keep', source }),
  )
  const choose = (change: SampleChoices): void => {
    const next = { ...choices, ...change }
    const read = sampleOf(text, isWhole, next)
    setChoices(next)
    setSample(read)
    setDraft(draftOf(read, draft))
  }
  const set = (change: Partial<ImportDraft>): void => setDraft({ ...draft, ...change })
  return { sample, draft, set, choose }
}
