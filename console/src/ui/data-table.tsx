import { Box, Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import type { CsvCell } from './csv.ts'
import { CsvButton, type WholeList } from './csv-button.tsx'
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
  /** All rows of the list as a file, offered while not all are loaded. */
  readonly wholeList?: WholeList
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
          {props.csv === false ? null : (
            <RowsFile
              name={props.name}
              columns={columns}
              rows={shown}
              wholeList={props.loadMore === undefined ? undefined : props.wholeList}
            />
          )}
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

interface RowsFileProps<Row> {
  readonly name: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly wholeList?: WholeList | undefined
}

const RowsFile = <Row,>({ name, columns, rows, wholeList }: RowsFileProps<Row>) => {
  const exported = columns.flatMap((column) =>
    column.value === undefined ? [] : [{ title: column.title, value: column.value }],
  )
  if (exported.length === 0) return null
  return (
    <CsvButton
      name={name}
      rows={rows.length}
      header={exported.map((column) => column.title)}
      cells={() => rows.map((row) => exported.map((column) => column.value(row)))}
      wholeList={wholeList}
    />
  )
}
