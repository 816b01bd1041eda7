import { Box, Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { type CsvCell, downloadCsv } from './csv.ts'
import classes from './data-table.module.css'
import { ColumnHead } from './data-table-head.tsx'
import { DataRow } from './data-table-row.tsx'
import { ErrorPanel } from './error-panel.tsx'
import { type Sort, sortRows } from './sort-rows.ts'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  readonly cell: (row: Row) => ReactNode
  /** Right-aligned with figures of one width. */
  readonly numeric?: boolean
  /** Makes the column sortable (among the loaded rows) and exportable. */
  readonly value?: (row: Row) => CsvCell
  readonly width?: number | string
  /** Left out on narrow screens. */
  readonly wideOnly?: boolean
}

export interface DataTableProps<Row> {
  /** Names the table for screen readers and the CSV file. */
  readonly name: string
  readonly columns: readonly Column<Row>[]
  /** undefined while the first page loads. */
  readonly rows: readonly Row[] | undefined
  readonly rowKey: (row: Row) => string
  /** The first cell links here, and a click anywhere in the row follows it. */
  readonly rowTo?: (row: Row) => string
  /** Shown in place of the table when there are no rows: an <EmptyState>, or a line when filters are on. */
  readonly empty: ReactNode
  readonly error?: unknown
  readonly onRetry?: () => void
  /** From useApiPages; absent at the end of the list. */
  readonly loadMore?: (() => void) | undefined
  readonly isLoadingMore?: boolean
  readonly initialSort?: Sort
  /** False hides the CSV button. @default true */
  readonly csv?: boolean
  /** At the left of the CSV button: a count, a switch. */
  readonly toolbar?: ReactNode
}

export const DataTable = <Row,>(props: DataTableProps<Row>) => {
  const t = useTexts()
  const [sort, setSort] = useState<Sort | null>(props.initialSort ?? null)
  const { columns, rows } = props
  if (props.error !== undefined && props.error !== null && rows === undefined) {
    return <ErrorPanel error={props.error} {...(props.onRetry === undefined ? {} : { onRetry: props.onRetry })} />
  }
  if (rows === undefined) return <LoadingRows />
  if (rows.length === 0) return <>{props.empty}</>
  const sortedBy = columns.find((column) => column.id === sort?.column)?.value
  const shown = sort === null || sortedBy === undefined ? rows : sortRows(rows, sortedBy, sort.direction)

  return (
    <Stack gap="xs">
      {props.toolbar === undefined && props.csv === false ? null : (
        <Group justify="space-between" gap="xs" mih={30}>
          <Box>{props.toolbar}</Box>
          {props.csv === false ? null : <CsvButton name={props.name} columns={columns} rows={shown} />}
        </Group>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls, and the keyboard must reach it */}
      <section className={classes.frame} aria-label={props.name} tabIndex={0}>
        <Table className={classes.table ?? ''}>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <ColumnHead key={column.id} column={column} sort={sort} onSort={setSort} />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((row) => (
              <DataRow key={props.rowKey(row)} row={row} columns={columns} to={props.rowTo?.(row)} />
            ))}
          </Table.Tbody>
        </Table>
      </section>
      <Group justify="space-between">
        <Text size="xs" c="dimmed" className="baton-numbers">
          {t('ui.shown', { count: rows.length })}
        </Text>
        {props.loadMore === undefined ? null : (
          <Button variant="default" onClick={props.loadMore} loading={props.isLoadingMore ?? false}>
            {t('ui.loadMore')}
          </Button>
        )}
      </Group>
    </Stack>
  )
}

const LoadingRows = () => {
  const t = useTexts()
  return (
    <Stack gap={8} role="status" aria-label={t('ui.loading')}>
      {[92, 100, 84, 96, 76].map((width) => (
        <Skeleton key={width} height={26} width={`${width}%`} />
      ))}
    </Stack>
  )
}

interface CsvButtonProps<Row> {
  readonly name: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
}

const CsvButton = <Row,>({ name, columns, rows }: CsvButtonProps<Row>) => {
  const t = useTexts()
  const exported = columns.flatMap((column) =>
    column.value === undefined ? [] : [{ title: column.title, value: column.value }],
  )
  if (exported.length === 0) return null
  const download = () =>
    downloadCsv(
      name,
      exported.map((column) => column.title),
      rows.map((row) => exported.map((column) => column.value(row))),
    )
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      leftSection={<IconDownload size={15} aria-hidden />}
      onClick={download}
    >
      {t('ui.csv')}
    </Button>
  )
}
