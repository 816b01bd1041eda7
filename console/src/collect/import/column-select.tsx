import { Select } from '@mantine/core'
import { useTexts } from '../../texts/use-texts.ts'
import { cellsOf, type FileSample } from './file-sample.ts'
import type { ColumnRole } from './guess-columns.ts'
import type { DraftProblem, ImportDraft } from './import-draft.ts'

interface ColumnSelectProps {
  readonly role: ColumnRole
  readonly sample: FileSample
  readonly draft: ImportDraft
  readonly problem: DraftProblem | undefined
  readonly onChange: (change: Partial<ImportDraft>) => void
}

const none = 'none'
const mostExample = 40

/** Which column is this; below stands its first cell, or what it is for. */
export const ColumnSelect = ({ role, sample, draft, problem, onChange }: ColumnSelectProps) => {
  const t = useTexts()
  const chosen = draft.columns[role]
  const exampleOf = (column: number): string => (cellsOf(sample, column)[0] ?? '').slice(0, mostExample)
  const options = sample.names.map((name, column) => ({
    value: String(column),
    label: name === '' ? `${t('imports.file.column', { number: column + 1 })}: ${exampleOf(column)}` : name,
  }))
  const example = chosen === undefined ? '' : exampleOf(chosen)
  const hint = example === '' ? t(`imports.roleHints.${role}`) : t('imports.columns.example', { example })
  return (
    <Select
      label={t(`imports.roles.${role}`)}
      description={problem === undefined ? hint : undefined}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={t('imports.columns.none')}
      data={chosen === undefined ? options : [{ value: none, label: t('imports.columns.none') }, ...options]}
      value={chosen === undefined ? null : String(chosen)}
      allowDeselect={false}
      searchable
      // A list that opens under every field the Tab key comes to would swallow the next Tab.
      openOnFocus={false}
      // Typing then looks for another column in place of this one.
      onFocus={(event) => event.currentTarget.select()}
      error={problem === undefined ? undefined : t(`imports.problems.${problem.code}`, { example: problem.example })}
      onChange={(value) =>
        onChange({
          columns: { ...draft.columns, [role]: value === null || value === none ? undefined : Number(value) },
        })
      }
    />
  )
}
