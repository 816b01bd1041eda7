import { Alert, Stack } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { ChooseFile } from './choose-file.tsx'
import { MappingForm } from './mapping-form.tsx'
import { useChosenFile } from './use-chosen-file.ts'
import { useFileDrop } from './use-file-drop.ts'
import type { SentFile } from './use-sending.ts'

interface NewImportProps {
  readonly isSending: boolean
  /** Why the last file could not be sent. */
  readonly error: Error | null
  /** What the newest import called the place its orders come from. */
  readonly lastSource: string | undefined
  readonly onStart: (file: File, mapping: SentFile['mapping'], onDone: () => void) => void
}

/**
 * From a file of this computer to its import: choose, look at how it is read, send. One at a time: out of sight while
 * a file is sent, so that what was answered is still there when that fails.
 */
export const NewImport = ({ isSending, error, lastSource, onStart }: NewImportProps) => {
  const t = useTexts()
  const { chosen, choose, clear } = useChosenFile()
  const hovers = useFileDrop((file) => (isSending ? undefined : choose(file)))
  return (
    <Stack gap="md" {...(isSending ? { display: 'none' } : {})}>
      {error === null ? null : <ErrorPanel error={error} />}
      {chosen.kind === 'refused' ? (
        <Alert
          color="red"
          icon={<IconAlertTriangle aria-hidden />}
          title={t('imports.refused.title', { name: chosen.file.name })}
        >
          {t(`imports.refused.${chosen.reason}`)}
        </Alert>
      ) : null}
      {chosen.kind === 'text' ? (
        <MappingForm
          key={`${chosen.file.name} ${chosen.file.lastModified}`}
          file={chosen.file}
          text={chosen.text}
          isWhole={chosen.isWhole}
          source={lastSource ?? 'orders'}
          onAnother={choose}
          onCancel={clear}
          onStart={(mapping) => onStart(chosen.file, mapping, clear)}
        />
      ) : (
        <ChooseFile hovers={hovers} isReading={chosen.kind === 'reading'} onFile={choose} />
      )}
    </Stack>
  )
}
