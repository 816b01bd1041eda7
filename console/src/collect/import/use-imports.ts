import { type ImportJob, importJob } from '@baton/contract'
import { useState } from 'react'
import { useApiPages } from '../../api/use-api.ts'
import { isRunning } from './import-progress.ts'

const oftenMs = 1_000
const seldomMs = 10_000

/** Every import, newest first; asked for often while one is on its way. */
export const useImports = (isSending: boolean) => {
  const [isBusy, setBusy] = useState(false)
  const imports = useApiPages('/v1/imports', importJob, { refetchMs: isBusy || isSending ? oftenMs : seldomMs })
  const isBusyNow = imports.items?.some(isRunning) ?? false
  if (isBusyNow !== isBusy) setBusy(isBusyNow)
  return imports
}

/** The imports that ran while this page was open: those that have ended meanwhile stay in sight until they are dismissed. */
export const useWatched = (items: readonly ImportJob[]) => {
  const [ids, setIds] = useState<readonly string[]>([])
  const fresh = items.filter((job) => isRunning(job) && !ids.includes(job.importId))
  if (fresh.length > 0) setIds([...ids, ...fresh.map((job) => job.importId)])
  return {
    watched: items.filter((job) => ids.includes(job.importId)),
    watch: (importId: string) => setIds((now) => (now.includes(importId) ? now : [...now, importId])),
    dismiss: (importId: string) => setIds((now) => now.filter((id) => id !== importId)),
  }
}
