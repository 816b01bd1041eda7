import { Stack, Title } from '@mantine/core'
import { AwayPanel, type AwayPanelProps } from '../operations/away-panel.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { Centered } from './centered.tsx'

/** In place of a page that can't be opened, because it is not known who is here. */
export const AwayPage = (props: AwayPanelProps) => {
  const t = useTexts()
  return (
    <Centered width={640}>
      <Stack gap="md">
        <Title order={1}>{t('operations.away')}</Title>
        <AwayPanel {...props} />
      </Stack>
    </Centered>
  )
}
