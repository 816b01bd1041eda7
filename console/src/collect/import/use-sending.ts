import { importCreated, type OrderImportMapping } from '@baton/contract'
import { type MutationState, useMutationState } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { ApiError } from '../../api/api-error.ts'
import { useAction } from '../../api/use-action.ts'
import { useChosenWorkspaceId } from '../../api/workspace-choice.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { readFileStart } from './file-start.ts'

/** A file on its way to the server. */
export interface SentFile {
  readonly file: File
  readonly mapping: Partial<OrderImportMapping>
  readonly stop: AbortController
}

type Sent = { readonly importId: string }

/** Sends a file of any size as it lies on the disk. It goes on while other pages are looked at, until the tab is closed. */
export const useSending = (onSent: (importId: string) => void) => {
  const t = useTexts()
  const key = ['send-import', useChosenWorkspaceId()]
  const send = async ({ file, mapping, stop }: SentFile): Promise<Sent> => {
    try {
      const query = { mapping: JSON.stringify(mapping), fileName: file.name.slice(0, 200) }
      return await api.post('/v1/imports', file, importCreated, { query, signal: stop.signal })
    } catch (error) {
      if (stop.signal.aborted || !(await isGone(file))) throw error
      const fault = { code: 'file_gone', message: t('imports.fileGone'), remedy: t('imports.fileGoneRemedy') }
      throw new ApiError({ status: 0, ...fault }, { cause: error })
    }
  }
  const action = useAction<SentFile, Sent>({
    run: send,
    key,
    refreshes: ['/v1/imports'],
    quiet: true,
    onDone: ({ importId }) => onSent(importId),
  })
  const latest = useMutationState<MutationState<Sent, Error, SentFile>>({ filters: { mutationKey: key } }).at(-1)
  const wasStopped = latest?.variables?.stop.signal.aborted === true
  return {
    /** `onDone` is only told to who still looks. */
    start: (file: File, mapping: SentFile['mapping'], onDone: () => void) =>
      action.mutate({ file, mapping, stop: new AbortController() }, { onSuccess: onDone }),
    sending: latest?.status === 'pending' ? latest.variables : undefined,
    error: latest?.status === 'error' && !wasStopped ? latest.error : null,
  }
}

/** A browser lets go of a file that changed on the disk since it was chosen, and says no more than that sending failed. */
const isGone = async (file: File): Promise<boolean> => {
  const start = await readFileStart(file)
  return start.kind === 'refused' && start.reason === 'unreadable'
}
