import { newKey } from '@baton/contract'
import { Button, Stack, Text } from '@mantine/core'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { CommandLine } from '../ui/empty-state.tsx'
import { trackCommand } from '../workspaces/track-command.ts'

/**
 * The first event as a command. Keys are stored only as hashes, so a real one can stand in it only just after it was
 * made: the button makes one.
 */
export const FirstEventCommand = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const make = useAction({
    run: () => api.post('/v1/write-keys', { name: t('live.firstEvent.keyName') }, newKey),
    refreshes: ['/v1/write-keys'],
  })
  const key = make.data?.key
  return (
    <Stack gap={6} w="100%" maw={680} ta="start">
      <CommandLine command={trackCommand(window.location.origin, key ?? t('start.firstRun.event.placeholder'))} />
      {key === undefined ? (
        <Text size="xs" c="dimmed" component="div">
          {workspace.permissions.includes('keys:write') ? (
            <Button size="compact-sm" variant="light" onClick={() => make.mutate()} loading={make.isPending}>
              {t('live.firstEvent.make')}
            </Button>
          ) : (
            t('live.firstEvent.ask')
          )}
        </Text>
      ) : (
        <Text size="xs" c="dimmed">
          {t('start.firstRun.event.key')}
        </Text>
      )}
    </Stack>
  )
}
