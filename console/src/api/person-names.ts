import { personNames } from '@baton/contract'
import { useQuery } from '@tanstack/react-query'
import { api } from './api.ts'
import { apiKey } from './use-api.ts'
import { useChosenWorkspaceId } from './workspace-choice.ts'

type Names = ReadonlyMap<string, string>

const gatherMs = 15
const atOnce = 200
let gathering: { readonly ids: Set<string>; readonly names: Promise<Names> } | null = null

const askFor = async (ids: ReadonlySet<string>): Promise<Names> => {
  const { items } = await api.get('/v1/people/names', personNames, { query: { ids: [...ids].join(',') } })
  return new Map(items.map(({ personId, title }) => [personId, title]))
}

/** A page's names are asked for together: one request for a whole list. */
const nameOf = async (personId: string): Promise<string | null> => {
  if (gathering === null || gathering.ids.size >= atOnce) {
    const ids = new Set<string>()
    const names = new Promise<void>((resolve) => setTimeout(resolve, gatherMs)).then(() => {
      if (gathering?.ids === ids) gathering = null
      return askFor(ids)
    })
    gathering = { ids, names }
  }
  gathering.ids.add(personId)
  return (await gathering.names).get(personId) ?? null
}

/** What a person is called; undefined until it is known, null for who is no more. */
export const usePersonName = (personId: string, enabled = true): string | null | undefined => {
  const workspaceId = useChosenWorkspaceId()
  const { data } = useQuery({
    queryKey: apiKey(workspaceId, '/v1/people/names', { personId }),
    queryFn: () => nameOf(personId),
    enabled,
    staleTime: 60_000,
  })
  return data
}
