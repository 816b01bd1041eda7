import { segmentPage } from '@baton/contract'
import { useCallback } from 'react'
import { useApi } from '../api/use-api.ts'
import { useTexts } from '../texts/use-texts.ts'
import { useDurationText } from '../ui/duration-input.tsx'
import type { SentenceWords } from './sentence-parts.ts'

/** The workspace's segments to choose from (the first 200 by name are enough for a menu). */
export const useSegmentChoices = () => {
  const { data } = useApi('/v1/segments', segmentPage, { query: { limit: 200 } })
  return data?.items ?? []
}

/** What a rule's sentence needs: words, and the names of the segments it mentions. */
export const useSentenceWords = (): SentenceWords => {
  const t = useTexts()
  const durationText = useDurationText()
  const segments = useSegmentChoices()
  const segmentName = useCallback(
    (id: string) => segments.find(({ segmentId }) => segmentId === id)?.name ?? id.slice(0, 8),
    [segments],
  )
  return { t, durationText, segmentName }
}
