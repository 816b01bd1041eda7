import { Button, Group, Modal, Progress, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { readListFile } from '../api/list-file.ts'
import { useTexts } from '../texts/use-texts.ts'
import { datedName, downloadFile } from './csv.ts'
import type { WholeList } from './csv-button.tsx'
import { ErrorPanel } from './error-panel.tsx'
import { formatCount } from './numbers.ts'

type Reading =
  | { readonly kind: 'reading'; readonly rows: number }
  | { readonly kind: 'done'; readonly rows: number; readonly file: string }
  | { readonly kind: 'failed'; readonly error: unknown }

interface WholeListModalProps {
  readonly name: string
  readonly wholeList: WholeList
  readonly onClose: () => void
}

/** Reads the list while it is open; closing it stops the reading, and nothing is kept. */
export const WholeListModal = ({ name, wholeList: { path, query }, onClose }: WholeListModalProps) => {
  const t = useTexts()
  const [reading, setReading] = useState<Reading>({ kind: 'reading', rows: 0 })
  // What was asked when it was opened is read, whatever changes on the page meanwhile.
  const [asked] = useState({ path, query, name })
  useEffect(() => {
    const stop = new AbortController()
    const read = async () => {
      const file = datedName(asked.name, 'csv')
      const onRows = (rows: number) => setReading({ kind: 'reading', rows })
      const { content, rows } = await readListFile(asked.path, asked.query, { signal: stop.signal, onRows })
      downloadFile(file, content, content.type)
      setReading({ kind: 'done', rows, file })
    }
    read().catch((error: unknown) => {
      if (!stop.signal.aborted) setReading({ kind: 'failed', error })
    })
    return () => stop.abort()
  }, [asked])
  return (
    <Modal opened onClose={onClose} title={t('ui.csvAllTitle')} closeButtonProps={{ 'aria-label': t('ui.close') }}>
      <Stack>
        {reading.kind === 'failed' ? <ErrorPanel error={reading.error} /> : null}
        {reading.kind === 'reading' ? (
          <>
            <Text role="status" className="baton-numbers">
              {t('ui.csvReading', { count: reading.rows, rows: formatCount(reading.rows) })}
            </Text>
            <Progress value={100} animated aria-label={t('ui.csvAllTitle')} />
          </>
        ) : null}
        {reading.kind === 'done' ? (
          <Text role="status" className="baton-numbers" style={{ overflowWrap: 'anywhere' }}>
            {t('ui.csvDone', { count: reading.rows, rows: formatCount(reading.rows), file: reading.file })}
          </Text>
        ) : null}
        <Group justify="flex-end">
          <Button variant={reading.kind === 'done' ? 'filled' : 'default'} onClick={onClose}>
            {reading.kind === 'reading' ? t('ui.stop') : t('ui.close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
