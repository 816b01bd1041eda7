import { firstRunState } from '@baton/contract'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/api.ts'

/** Whether there is a sample to open; undefined while it is not known. One that is being made is found as soon as it is there. */
export const useIsSampleThere = (): boolean | undefined => {
  const { data } = useQuery({
    queryKey: ['first-run'],
    queryFn: ({ signal }) => api.get('/v1/first-run', firstRunState, { signal }),
    refetchInterval: ({ state: { data } }) => (data === undefined || (data.needed && !data.sample) ? 2000 : false),
  })
  return data?.sample
}
