import { Badge, Stack, Table, Text } from '@mantine/core'
import { useTexts } from '../../texts/use-texts.ts'
import { EmptyLine } from '../../ui/empty-line.tsx'
import type { FileSample } from './file-sample.ts'
import { columnRoles } from './guess-columns.ts'
import { type ImportDraft, usedColumns } from './import-draft.ts'
import classes from './sample-table.module.css'

interface SampleTableProps {
  readonly name: string
  readonly sample: FileSample
  readonly draft: ImportDraft
}

const shownRows = 5

/** The first rows as they will be read, with what each column is taken for. */
export const SampleTable = ({ name, sample, draft }: SampleTableProps) => {
  const t = useTexts()
  const rows = sample.rows.slice(0, shownRows)
  const columns = useMarkedColumns(sample, draft)
  if (rows.length === 0) return <EmptyLine>{t('imports.file.noRows')}</EmptyLine>
  return (
    <Stack gap={6}>
      <Text c="dimmed">{t('imports.file.sampleLead', { count: rows.length })}</Text>
      <section
        className={classes.frame}
        aria-label={t('imports.file.sample', { name })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls, and the keyboard must reach it
        tabIndex={0}
      >
        <Table>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ id, title, roles }) => (
                <Table.Th key={id} scope="col" data-used={roles.length > 0 || undefined}>
                  <span className={classes.role}>
                    {roles.map((role) => (
                      <Badge key={role} size="sm">
                        {t(`imports.roles.${role}`)}
                      </Badge>
                    ))}
                  </span>
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have nothing but their place, and never move
              <Table.Tr key={index}>
                {columns.map(({ id, column, roles }) => (
                  <Table.Td key={id} data-used={roles.length > 0 || undefined} title={row[column]}>
                    {row[column]}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </Stack>
  )
}

const useMarkedColumns = (sample: FileSample, draft: ImportDraft) => {
  const t = useTexts()
  const used = usedColumns(draft)
  return sample.names.map((name, column) => ({
    id: `column-${column}`,
    column,
    title: name === '' ? t('imports.file.column', { number: column + 1 }) : name,
    roles: columnRoles.filter((role) => used[role] === column),
  }))
}
