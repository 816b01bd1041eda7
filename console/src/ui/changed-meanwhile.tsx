import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'

interface ChangedMeanwhileProps {
  readonly title: string
  readonly onLoad: () => void
  readonly onKeep: () => void
}

/** Somebody saved another version while this one was edited: which of the two stays is for a person to say. */
export const ChangedMeanwhile = ({ title, onLoad, onKeep }: ChangedMeanwhileProps) => {
  const t = useTexts()
  return (
    <Alert color="yellow" title={title}>
      <Stack gap="xs" align="flex-start">
        <Text>{t('ui.meanwhile.lead')}</Text>
        <Group gap="xs">
          <Button variant="default" onClick={onLoad}>
            {t('ui.meanwhile.load')}
          </Button>
          <Button variant="default" onClick={onKeep}>
            {t('ui.meanwhile.keep')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}
