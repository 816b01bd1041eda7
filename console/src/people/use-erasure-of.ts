import { type Erasure, erasures } from '@baton/contract'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import { apiKey } from '../api/use-api.ts'
import { useChosenWorkspaceId } from '../api/workspace-choice.ts'

const path = '/v1/erasures'
const whileUnderWayMs = 2_000

/** The erasure of whoever had this id; null when there is none. Asked again until it is done. */
export const useErasureOf = (personId: string) => {
  const workspaceId = useChosenWorkspaceId()
  const query = { personId }
  return useQuery({
    queryKey: apiKey(workspaceId, path, query),
    queryFn: async ({ signal }): Promise<Erasure | null> =>
      (await api.get(path, erasures, { query, signal })).items[0] ?? null,
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'done' ? whileUnderWayMs : false),
  })
}
