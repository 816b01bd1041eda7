import { Table, UnstyledButton } from '@mantine/core'
import IconArrowDown from '@tabler/icons-react/dist/esm/icons/IconArrowDown.mjs'
import IconArrowsSort from '@tabler/icons-react/dist/esm/icons/IconArrowsSort.mjs'
import IconArrowUp from '@tabler/icons-react/dist/esm/icons/IconArrowUp.mjs'
import classes from './data-table.module.css'
import type { Column } from './data-table.tsx'
import { nextSort, type Sort } from './sort-rows.ts'

interface ColumnHeadProps<Row> {
  readonly column: Column<Row>
  readonly sort: Sort | null
  readonly onSort: (sort: Sort | null) => void
}

const ariaSort = { up: 'ascending', down: 'descending' } as const

const SortMark = ({ direction }: { readonly direction: Sort['direction'] | undefined }) => {
  if (direction === undefined) return <IconArrowsSort size={13} className={classes.sortable} aria-hidden />
  return direction === 'up' ? <IconArrowUp size={13} aria-hidden /> : <IconArrowDown size={13} aria-hidden />
}

export const ColumnHead = <Row,>({ column, sort, onSort }: ColumnHeadProps<Row>) => {
  const direction = sort?.column === column.id ? sort.direction : undefined
  return (
    <Table.Th
      scope="col"
      {...(column.width === undefined ? {} : { w: column.width })}
      {...(direction === undefined ? {} : { 'aria-sort': ariaSort[direction] })}
      {...(column.wideOnly === true ? { visibleFrom: 'sm' } : {})}
      data-numeric={column.numeric === true || undefined}
    >
      {column.value === undefined ? (
        column.title
      ) : (
        <UnstyledButton
          className={classes.head ?? ''}
          onClick={() => onSort(nextSort(sort, column.id, column.numeric === true))}
        >
          {column.title}
          <SortMark direction={direction} />
        </UnstyledButton>
      )}
    </Table.Th>
  )
}
