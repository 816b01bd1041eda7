import { use } from 'react'
import { HereContext } from '../app/session-context.ts'
import { useNow } from './use-now.ts'

/** The workspace's own time: a simulated one lives at its own, the others with the machine. */
export const useDomainNow = (): number => {
  const machineMs = useNow()
  return use(HereContext)?.workspace.clockAt ?? machineMs
}
