import { Stack, Text } from '@mantine/core'
import { ApiError } from '../api/api-error.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { UnsavedError } from './draft-keeper.ts'

interface UnsavedOrErrorProps {
  readonly error: Error
  /** What could not be done because the draft is not saved. */
  readonly unsaved: string
  readonly onRetry: () => void
}

/** A failure of what works on the saved draft: where it was not saved, that is said first, with why. */
export const UnsavedOrError = ({ error, unsaved, onRetry }: UnsavedOrErrorProps) => {
  const t = useTexts()
  if (!(error instanceof UnsavedError)) return <ErrorPanel error={error} onRetry={onRetry} />
  // Trying again mends nothing where somebody else saved first: theirs is loaded beside the draft.
  const isOvertaken = error.cause instanceof ApiError && error.cause.code === 'conflict'
  return (
    <Stack gap="xs">
      <Text>{unsaved}</Text>
      {isOvertaken ? (
        <Text>{t('journeys.overtaken.first')}</Text>
      ) : (
        <ErrorPanel error={error.cause} onRetry={onRetry} />
      )}
    </Stack>
  )
}
