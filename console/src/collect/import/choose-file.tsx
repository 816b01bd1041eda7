import { Button, FileButton, Group, Paper, Stack, Text, Title } from '@mantine/core'
import IconDownload from '@tabler/icons-react/dist/esm/icons/IconDownload.mjs'
import IconFileImport from '@tabler/icons-react/dist/esm/icons/IconFileImport.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { downloadCsv } from '../../ui/csv.ts'
import { exampleHeader, exampleRows } from './example-file.ts'

export const fileKinds = '.csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values'

interface ChooseFileProps {
  /** A file is held over the page. */
  readonly hovers: boolean
  readonly isReading: boolean
  readonly onFile: (file: File) => void
}

/** What the page is for, and its one button. */
export const ChooseFile = ({ hovers, isReading, onFile }: ChooseFileProps) => {
  const t = useTexts()
  return (
    <Paper
      withBorder
      py={32}
      px="lg"
      ta="center"
      bg={hovers ? 'var(--mantine-color-baton-light)' : 'var(--baton-surface)'}
      style={{ borderStyle: 'dashed', borderColor: hovers ? 'var(--mantine-primary-color-filled)' : undefined }}
    >
      <Stack align="center" gap={6}>
        <IconFileImport size={30} stroke={1.5} color="var(--mantine-color-dimmed)" aria-hidden />
        <Title order={2}>{hovers ? t('imports.choose.dropHere') : t('imports.choose.title')}</Title>
        <Text c="dimmed" maw={560}>
          {t('imports.choose.lead')}
        </Text>
        <Group mt="sm" gap="xs" justify="center">
          <FileButton onChange={(file) => (file === null ? undefined : onFile(file))} accept={fileKinds}>
            {(props) => (
              <Button loading={isReading} {...props}>
                {t('imports.choose.button')}
              </Button>
            )}
          </FileButton>
          <Button
            variant="default"
            leftSection={<IconDownload size={15} aria-hidden />}
            onClick={() => downloadCsv(t('imports.choose.exampleName'), exampleHeader, exampleRows)}
          >
            {t('imports.choose.example')}
          </Button>
        </Group>
        <Text size="xs" c="dimmed" visibleFrom="sm">
          {t('imports.choose.drop')}
        </Text>
      </Stack>
    </Paper>
  )
}
