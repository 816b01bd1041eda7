import { Button, Group, Table } from '@mantine/core'
import { useDisclosure, useElementSize } from '@mantine/hooks'
import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs'
import IconTable from '@tabler/icons-react/dist/esm/icons/IconTable.mjs'
import { type ReactNode, useRef } from 'react'
import { useTexts } from '../../texts/use-texts.ts'
import { EmptyLine } from '../empty-line.tsx'
import classes from './charts.module.css'
import { downloadPng } from './download-png.ts'

export interface ChartTable {
  readonly header: readonly string[]
  /** The first cell names the row, the others are figures. */
  readonly rows: readonly { readonly id: string; readonly cells: readonly ReactNode[] }[]
}

export interface ChartFrameProps {
  /** What the chart shows, read in place of the picture. */
  readonly label: string
  /** In pixels, or of the width there is. */
  readonly height: number | ((width: number) => number)
  readonly table: ChartTable
  /** Draws at the width there is; texts keep their size. */
  readonly children: (width: number) => ReactNode
}

/** The picture, the same as a table, and the picture as a file. */
export const ChartFrame = ({ label, height, table, children }: ChartFrameProps) => {
  const t = useTexts()
  const [asTable, { toggle }] = useDisclosure(false)
  const { ref, width } = useElementSize()
  const picture = useRef<SVGSVGElement>(null)
  if (table.rows.length === 0) return <EmptyLine>{t('ui.chart.noData')}</EmptyLine>
  return (
    <figure className={classes.figure}>
      {asTable ? (
        <FigureTable label={label} table={table} />
      ) : (
        <div ref={ref} className={classes.picture}>
          <svg
            ref={picture}
            role="img"
            aria-label={label}
            width="100%"
            height={typeof height === 'number' ? height : height(width)}
            className={classes.svg}
          >
            {width > 0 ? children(width) : null}
          </svg>
        </div>
      )}
      <Group gap={4} justify="flex-end" mt={10}>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={<IconTable size={13} aria-hidden />}
          onClick={toggle}
        >
          {asTable ? t('ui.asChart') : t('ui.asTable')}
        </Button>
        {asTable ? null : (
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            leftSection={<IconDownload size={13} aria-hidden />}
            onClick={() => void downloadPng(picture.current, label)}
          >
            {t('ui.chart.download')}
          </Button>
        )}
      </Group>
    </figure>
  )
}

const FigureTable = ({ label, table }: { readonly label: string; readonly table: ChartTable }) => (
  <Table.ScrollContainer minWidth={320}>
    <Table aria-label={label} className="baton-numbers">
      <Table.Thead>
        <Table.Tr>
          {table.header.map((title, index) => (
            <Table.Th key={title} scope="col" ta={index === 0 ? 'start' : 'end'}>
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {table.rows.map((row) => (
          <Table.Tr key={row.id}>
            {row.cells.map((cell, index) => (
              <Table.Td key={table.header[index]} ta={index === 0 ? 'start' : 'end'}>
                {cell}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Table.ScrollContainer>
)
