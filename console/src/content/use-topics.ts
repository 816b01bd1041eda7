import { policySettings } from '@baton/contract'
import { useMemo } from 'react'
import { useApi } from '../api/use-api.ts'

/** The topics people can leave, as choices. */
export const useTopics = () => {
  const { data } = useApi('/v1/policy', policySettings)
  return useMemo(() => (data?.topics ?? []).map(({ topic, title }) => ({ value: topic, label: title })), [data])
}
