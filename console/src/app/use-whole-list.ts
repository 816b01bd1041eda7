import type { Permission } from '@baton/contract'
import type { Query } from '../api/api.ts'
import type { WholeList } from '../ui/csv-button.tsx'
import { useHere } from './session-context.ts'

/** The list of a path as a file, if this person may take it out. */
export const useWholeList = (
  path: string,
  query: Query = {},
  permission: Permission = 'personal-data:export',
): WholeList => {
  const { workspace } = useHere()
  return { path, query, isAllowed: workspace.permissions.includes(permission) }
}
