import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import { ApiError } from '../api/api-error.ts'
import { describeError } from '../api/use-action.ts'
import { useTexts } from '../texts/use-texts.ts'

export interface ErrorPanelProps {
  readonly error: unknown
  readonly onRetry?: () => void
  /** What it means here, where that is known. */
  readonly title?: string
}

/** What went wrong, what to do, and the code to look up. */
export const ErrorPanel = ({ error, onRetry, title }: ErrorPanelProps) => {
  const t = useTexts()
  const { message, remedy } = describeError(error)
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={title ?? t('ui.wentWrong')}>
      <Stack gap={8} align="flex-start">
        <Text>{message}</Text>
        {remedy === undefined ? null : (
          <Text>
            <strong>{t('ui.whatToDo')}:</strong> {remedy}
          </Text>
        )}
        <Group gap="sm">
          {onRetry === undefined ? null : (
            <Button variant="default" onClick={onRetry}>
              {t('ui.tryAgain')}
            </Button>
          )}
          {error instanceof ApiError ? (
            <Text size="xs">
              {t('ui.errorCode')} <Code>{error.code}</Code>
            </Text>
          ) : null}
        </Group>
      </Stack>
    </Alert>
  )
}
