import { OperatorError } from '../kernel/index.ts'
import type { Workspace } from '../workspaces/index.ts'

/** The named workspace, or the only one. */
export const chooseWorkspace = (all: readonly Workspace[], named: string | undefined): Workspace => {
  const [only, ...others] = named === undefined ? all : all.filter(({ workspaceId }) => workspaceId === named)
  if (only === undefined)
    throw new OperatorError(
      named === undefined
        ? 'There is no workspace yet. Open the console and make the first account.'
        : `There is no workspace ${named}. There are: ${all.map(({ name, workspaceId }) => `${workspaceId} (${name})`).join(', ')}`,
    )
  if (others.length > 0)
    throw new OperatorError(
      `There are several workspaces. Say which: ${all.map(({ name, workspaceId }) => `--workspace ${workspaceId} (${name})`).join(', ')}`,
    )
  return only
}
