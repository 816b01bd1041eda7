import { page as pageOf } from '@baton/contract'
import { keepPreviousData, type QueryKey, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { api, type Query } from './api.ts'
import { useChosenWorkspaceId } from './workspace-choice.ts'

export interface UseApiOptions {
  readonly query?: Query
  /** Asks again this often while the page is visible. */
  readonly refetchMs?: number
  /** False waits, for example until an id is known. */
  readonly enabled?: boolean
  /** Keeps showing the former answer while a changed query loads: for filters and search. */
  readonly keep?: boolean
}

/** Keys begin with the workspace, then the path, so that `useAction` can refresh by path and a switch of workspace shares nothing. */
export const apiKey = (workspaceId: string | null, path: string, query: Query = {}): QueryKey => [
  'api',
  workspaceId,
  path,
  query,
]

/** `const people = useApi('/v1/people/…', personSchema)`: a TanStack query of one GET. */
export const useApi = <S extends z.ZodType>(path: string, schema: S, options: UseApiOptions = {}) => {
  const workspaceId = useChosenWorkspaceId()
  return useQuery({
    queryKey: apiKey(workspaceId, path, options.query),
    queryFn: ({ signal }) => api.get(path, schema, { query: options.query, signal }),
    enabled: options.enabled ?? true,
    refetchInterval: options.refetchMs ?? false,
    ...(options.keep === true ? { placeholderData: keepPreviousData } : {}),
  })
}

/** A list with "load more": `items` of all pages so far, `loadMore` undefined at the end. Fits DataTable's props. */
export const useApiPages = <S extends z.ZodType>(path: string, item: S, options: UseApiOptions = {}) => {
  const workspaceId = useChosenWorkspaceId()
  const result = useInfiniteQuery({
    queryKey: [...apiKey(workspaceId, path, options.query), 'pages'],
    queryFn: ({ signal, pageParam }) =>
      api.get(path, pageOf(item), { query: { ...options.query, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: options.enabled ?? true,
    refetchInterval: options.refetchMs ?? false,
    ...(options.keep === true ? { placeholderData: keepPreviousData } : {}),
  })
  return {
    items: result.data?.pages.flatMap((page) => page.items),
    error: result.error,
    isLoading: result.isPending,
    isLoadingMore: result.isFetchingNextPage,
    loadMore: result.hasNextPage ? () => void result.fetchNextPage() : undefined,
    refetch: result.refetch,
  }
}
