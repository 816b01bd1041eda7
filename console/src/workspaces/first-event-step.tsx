import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { CommandLine } from '../ui/empty-state.tsx'
import { trackCommand } from './track-command.ts'

export const FirstEventStep = ({ writeKey }: { readonly writeKey: string | null }) => {
  const t = useTexts()
  return (
    <Stack>
      <div>
        <Title order={1}>{t('start.firstRun.event.title')}</Title>
        <Text c="dimmed" mt={4}>
          {t('start.firstRun.event.lead')}
        </Text>
      </div>
      <CommandLine command={trackCommand(window.location.origin, writeKey ?? t('start.firstRun.event.placeholder'))} />
      <Text size="xs" c="dimmed">
        {writeKey === null ? t('start.firstRun.event.noKey') : t('start.firstRun.event.key')}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" renderRoot={(props) => <Link to="/live" {...props} />}>
          {t('start.firstRun.event.live')}
        </Button>
        <Button renderRoot={(props) => <Link to="/" {...props} />}>{t('start.firstRun.event.open')}</Button>
      </Group>
    </Stack>
  )
}
