import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTexts } from '../texts/use-texts.ts'
import { ApiError } from './api-error.ts'
import { apiKey } from './use-api.ts'
import { useChosenWorkspaceId } from './workspace-choice.ts'

export interface ActionOptions<Input, Output> {
  readonly run: (input: Input) => Promise<Output>
  /** Finds it again, with `useMutationState`, after the page that began it was left. */
  readonly key?: readonly unknown[]
  /** Paths whose answers this changes; every query whose path begins with one of them asks again. */
  readonly refreshes?: readonly string[]
  /** The path whose GET would answer the same as this does: it is known at once, also where asking again fails. */
  readonly answers?: string
  /** Said in a notification on success. */
  readonly done?: string
  readonly onDone?: (output: Output, input: Input) => void
  readonly onFailed?: (error: Error) => void
  /** True: no notification on failure, because the caller shows `action.error` itself (forms). */
  readonly quiet?: boolean
}

const pathOf = (key: readonly unknown[]): string => (key[0] === 'api' && typeof key[2] === 'string' ? key[2] : '')

/** Whatever was thrown, as two lines a person can act on. */
export const describeError = (error: unknown): { readonly message: string; readonly remedy: string | undefined } => {
  if (error instanceof ApiError) return { message: error.message, remedy: error.remedy }
  return { message: error instanceof Error ? error.message : String(error), remedy: undefined }
}

/** A change to the server: runs, refreshes what it changed, says how it went. */
export const useAction = <Input = void, Output = unknown>(options: ActionOptions<Input, Output>) => {
  const queries = useQueryClient()
  const workspaceId = useChosenWorkspaceId()
  const t = useTexts()
  const closeButtonProps = { 'aria-label': t('ui.close') }
  return useMutation<Output, Error, Input>({
    mutationFn: options.run,
    ...(options.key === undefined ? {} : { mutationKey: options.key }),
    onSuccess: async (output, input) => {
      if (options.answers !== undefined) queries.setQueryData(apiKey(workspaceId, options.answers), output)
      const refreshes = options.refreshes ?? []
      await queries.invalidateQueries({
        predicate: ({ queryKey }) => refreshes.some((path) => pathOf(queryKey).startsWith(path)),
      })
      if (options.done !== undefined) notifications.show({ message: options.done, color: 'teal', closeButtonProps })
      options.onDone?.(output, input)
    },
    onError: (error) => {
      options.onFailed?.(error)
      if (options.quiet === true) return
      const { message, remedy } = describeError(error)
      notifications.show({
        title: t('ui.failed'),
        message: remedy === undefined ? message : `${message} ${remedy}`,
        color: 'red',
        closeButtonProps,
        autoClose: 10_000,
      })
    },
  })
}
