import { segmentPreview } from '@baton/contract'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../api/api.ts'
import { useChosenWorkspaceId } from '../api/workspace-choice.ts'
import { countableRule, unfinished } from './new-condition.ts'
import type { DraftGroup } from './rule-draft.ts'

/** Typing settles this long before the server is asked. */
const settleMs = 300

/** Counts for a rule while it is being written: what is unfinished is left out, and `isPartial` says so. */
export const useRulePreview = (draft: DraftGroup, segmentId?: string) => {
  const workspaceId = useChosenWorkspaceId()
  const placed = useMemo(() => countableRule(draft), [draft])
  const body = useMemo(() => JSON.stringify({ rule: placed?.rule, segmentId }), [placed, segmentId])
  const [settled] = useDebouncedValue(body, settleMs)
  const isEmpty = placed === null
  const answer = useQuery({
    queryKey: ['api', workspaceId, '/v1/segments/preview', settled],
    queryFn: ({ signal }) => api.post('/v1/segments/preview', JSON.parse(settled), segmentPreview, { signal }),
    enabled: !isEmpty && !settled.startsWith('{}') && settled.includes('"rule"'),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  })
  const counts = useMemo(() => {
    const byPath = new Map(answer.data?.perCondition.map(({ path, count }) => [path, count]))
    return new Map(
      [...(placed?.paths ?? [])].flatMap(([id, path]): readonly (readonly [string, number])[] => {
        const count = byPath.get(path)
        return count === undefined ? [] : [[id, count]]
      }),
    )
  }, [answer.data, placed])
  return {
    preview: isEmpty ? undefined : answer.data,
    error: isEmpty ? null : answer.error,
    counts: isEmpty ? new Map<string, number>() : counts,
    isEmpty,
    isPartial: !isEmpty && unfinished(draft).length > 0,
    isCounting: !isEmpty && (answer.isFetching || settled !== body),
    retry: () => void answer.refetch(),
  }
}

export type RulePreview = ReturnType<typeof useRulePreview>
