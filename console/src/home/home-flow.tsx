import type { Home } from '@baton/contract'
import { Text } from '@mantine/core'
import { seesEquity } from '../app/reach.ts'
import { useHere } from '../app/session-context.ts'
import { Flows } from '../lifecycle/flows.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { EmptyLine } from '../ui/empty-line.tsx'

const dayMs = 86_400_000
const hourMs = 3_600_000

/** Who moved on the conversion track in 30 days; to the hour, so that the picture stands still between refreshes. */
export const HomeFlow = ({ home }: { readonly home: Home }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const track = home.lifeCycle?.find((one) => one.track === 'conversion')
  if (track === undefined) return <EmptyLine>{t('home.flow.none')}</EmptyLine>
  if (!seesEquity(workspace)) return <EmptyLine>{t('lifecycle.flows.noMoney')}</EmptyLine>
  const to = Math.ceil(home.asOf / hourMs) * hourMs
  return (
    <>
      <Text size="xs" c="dimmed" mb="xs">
        {t('home.flow.lead')}
      </Text>
      <Flows track={track} from={to - 30 * dayMs} to={to} />
    </>
  )
}
