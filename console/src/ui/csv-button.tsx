import { Button, type ButtonProps, Menu } from '@mantine/core'
import IconChevronDown from '@tabler/icons-react/dist/esm/icons/IconChevronDown.mjs'
import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs'
import { useState } from 'react'
import type { Query } from '../api/api.ts'
import { useTexts } from '../texts/use-texts.ts'
import { type CsvCell, downloadCsv } from './csv.ts'
import { formatCount } from './numbers.ts'
import { WholeListModal } from './whole-list-modal.tsx'

/** Where all rows of a list come from, under the filters that are set; of `/v1/people` that is `/v1/people.csv`. */
export interface WholeList {
  readonly path: string
  readonly query: Query
  readonly isAllowed: boolean
}

const look = {
  variant: 'subtle',
  color: 'gray',
  size: 'compact-sm',
  leftSection: <IconDownload size={15} aria-hidden />,
} as const satisfies ButtonProps

interface CsvButtonProps {
  /** Names the file. */
  readonly name: string
  /** The rows at hand. */
  readonly rows: number
  readonly header: readonly string[]
  readonly cells: () => readonly (readonly CsvCell[])[]
  /** Given while there are more rows than those at hand. */
  readonly wholeList?: WholeList | undefined
}

/** The rows at hand as a file, and, where there are more, all of them. */
export const CsvButton = ({ name, rows, header, cells, wholeList }: CsvButtonProps) => {
  const t = useTexts()
  const download = () => downloadCsv(name, header, cells())
  if (wholeList === undefined)
    return (
      <Button {...look} onClick={download}>
        {t('ui.csv')}
      </Button>
    )
  return (
    <WholeListMenu name={name} wholeList={wholeList}>
      <Menu.Item onClick={download}>{t('ui.csvLoaded', { count: rows, rows: formatCount(rows) })}</Menu.Item>
    </WholeListMenu>
  )
}

interface WholeListMenuProps {
  readonly name: string
  readonly wholeList: WholeList
  /** Further ways to take rows out, above. */
  readonly children?: React.ReactNode
}

/** For lists that are no table: only all of it. */
export const WholeListMenu = ({ name, wholeList, children }: WholeListMenuProps) => {
  const t = useTexts()
  const [isAsked, setIsAsked] = useState(false)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button {...look} rightSection={<IconChevronDown size={13} aria-hidden />}>
            {t('ui.csv')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {children}
          <Menu.Item disabled={!wholeList.isAllowed} onClick={() => setIsAsked(true)}>
            {t('ui.csvAll')}
          </Menu.Item>
          {wholeList.isAllowed ? null : <Menu.Label maw={260}>{t('ui.csvNotAllowed')}</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      {isAsked ? <WholeListModal name={name} wholeList={wholeList} onClose={() => setIsAsked(false)} /> : null}
    </>
  )
}
