import { Table } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import type { MouseEvent } from 'react'
import classes from './data-table.module.css'
import type { Column } from './data-table.tsx'

interface DataRowProps<Row> {
  readonly row: Row
  readonly columns: readonly Column<Row>[]
  readonly to: string | undefined
}

const hasOwnAction = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('a, button, input, label, [role="menuitem"]') !== null

export const DataRow = <Row,>({ row, columns, to }: DataRowProps<Row>) => {
  const navigate = useNavigate()
  const follow = (event: MouseEvent) => {
    if (to === undefined || hasOwnAction(event.target) || window.getSelection()?.isCollapsed === false) return
    if (event.metaKey || event.ctrlKey) window.open(to, '_blank', 'noopener')
    else void navigate({ to })
  }
  return (
    <Table.Tr onClick={follow} data-link={to !== undefined || undefined}>
      {columns.map((column, index) => (
        <Table.Td
          key={column.id}
          data-numeric={column.numeric === true || undefined}
          {...(column.wideOnly === true ? { visibleFrom: 'sm' } : {})}
        >
          {to !== undefined && index === 0 ? (
            <Link to={to} className={classes.rowLink}>
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </Table.Td>
      ))}
    </Table.Tr>
  )
}
