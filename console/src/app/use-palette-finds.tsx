import { journeyList, page, segmentPage, template } from '@baton/contract'
import type { SpotlightActionData } from '@mantine/spotlight'
import IconFileText from '@tabler/icons-react/dist/esm/icons/IconFileText.mjs'
import IconFilter from '@tabler/icons-react/dist/esm/icons/IconFilter.mjs'
import IconRoute from '@tabler/icons-react/dist/esm/icons/IconRoute.mjs'
import { useApi } from '../api/use-api.ts'

const templatePage = page(template)
const asked = { limit: 200 }

interface Found {
  readonly to: string
  readonly label: string
  readonly icon: typeof IconRoute
}

/** Journeys, segments and templates by name; they are asked for once somebody searches. */
export const usePaletteFinds = (query: string, go: (to: string) => () => void): SpotlightActionData[] => {
  const options = { query: asked, enabled: query !== '' }
  const journeys = useApi('/v1/journeys', journeyList, options)
  const segments = useApi('/v1/segments', segmentPage, options)
  const templates = useApi('/v1/templates', templatePage, options)
  if (query === '') return []
  const found: readonly Found[] = [
    ...(journeys.data?.items ?? []).map((one) => ({
      to: `/journeys/${one.journeyId}`,
      label: one.name,
      icon: IconRoute,
    })),
    ...(segments.data?.items ?? []).map((one) => ({
      to: `/segments/${one.segmentId}`,
      label: one.name,
      icon: IconFilter,
    })),
    ...(templates.data?.items ?? []).map((one) => ({
      to: `/messages/templates/${one.templateId}`,
      label: one.name,
      icon: IconFileText,
    })),
  ]
  return found.map(({ to, label, icon: IconOf }) => ({
    id: to,
    label,
    leftSection: <IconOf size={18} stroke={1.7} aria-hidden />,
    onClick: go(to),
  }))
}
