import type { RunId, WorkspaceId } from '../kernel/index.ts'
import type { Liveness } from '../policy/index.ts'
import type { Tx } from '../stores/index.ts'

/**
 * What messages asks the journeys room: do these runs still stand behind what they planned? It is asked inside the
 * intent's transaction and must keep the answer true until that ends (rows locked for share, in order of their ids), so
 * that who stops a run or journey answers after the hand-overs that began before.
 */
export interface RunLiveness {
  check(tx: Tx, workspaceId: WorkspaceId, runIds: readonly RunId[]): Promise<ReadonlyMap<RunId, Liveness>>
}
