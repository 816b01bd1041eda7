import { importJob } from '@baton/contract'
import { api } from '../../api/api.ts'
import { useAction } from '../../api/use-action.ts'

/** Stops an import wherever it is; what was written stays. */
export const useStopImport = (onStopped?: () => void) =>
  useAction({
    run: (importId: string) => api.post(`/v1/imports/${importId}/stop`, {}, importJob),
    refreshes: ['/v1/imports'],
    ...(onStopped === undefined ? {} : { onDone: onStopped }),
  })
