import { journeyList } from '@baton/contract'
import { useMemo } from 'react'
import { useApi } from '../api/use-api.ts'

/** Journeys by id: a message names its journey by id only. */
export const useJourneyNames = () => {
  const { data } = useApi('/v1/journeys', journeyList, { query: { limit: 200 } })
  return useMemo(() => new Map((data?.items ?? []).map(({ journeyId, name }) => [journeyId, name])), [data])
}
