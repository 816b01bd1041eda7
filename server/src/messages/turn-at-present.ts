import type { Turn } from '../jobs/index.ts'
import type { WorkspaceSource } from '../policy/index.ts'

/**
 * The turn by the workspace's clock as it stands now, never before the turn began. With a slow server a turn lasts minutes:
 * what it decides and writes late is decided and told by the time it has become.
 */
export const atPresent = async (
  { workspaces }: { readonly workspaces: Pick<WorkspaceSource, 'domainNow'> },
  turn: Turn,
): Promise<Turn> => ({ ...turn, now: Math.max(turn.now, await workspaces.domainNow(turn.workspaceId)) })
