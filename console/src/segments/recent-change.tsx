import { membershipChangePage } from '@baton/contract'
import { Group, Text, Tooltip } from '@mantine/core'
import { useApi } from '../api/use-api.ts'
import { useTexts } from '../texts/use-texts.ts'
import { useDomainNow } from '../ui/use-domain-now.ts'
import { dayMs } from './day-ms.ts'

const most = 200

/** How many came in and went out in seven days; more than the newest 200 changes are said as "200+". */
export const useRecentChange = (segmentId: string) => {
  // A steady hour in the query keeps one answer for everybody who looks within it.
  const from = Math.floor((useDomainNow() - 7 * dayMs) / 3_600_000) * 3_600_000
  const { data } = useApi(`/v1/segments/${segmentId}/changes`, membershipChangePage, { query: { from, limit: most } })
  if (data === undefined) return null
  const entered = data.items.filter((each) => each.entered).length
  const more = data.next === null ? '' : '+'
  return { entered, left: data.items.length - entered, more }
}

export const RecentChange = ({ segmentId }: { readonly segmentId: string }) => {
  const t = useTexts()
  const change = useRecentChange(segmentId)
  if (change === null) return null
  const { entered, left, more } = change
  if (entered === 0 && left === 0) {
    return (
      <Text span inherit c="dimmed">
        {t('segments.changeNone')}
      </Text>
    )
  }
  return (
    <Tooltip label={t('segments.changeHint', { entered: `${entered}${more}`, left: `${left}${more}` })}>
      <Group gap={8} component="span" display="inline-flex" className="baton-numbers">
        {entered === 0 ? null : (
          <Text span inherit c="var(--mantine-color-teal-text)">
            +{entered}
            {more}
          </Text>
        )}
        {left === 0 ? null : (
          <Text span inherit c="var(--mantine-color-red-text)">
            −{left}
            {more}
          </Text>
        )}
      </Group>
    </Tooltip>
  )
}
