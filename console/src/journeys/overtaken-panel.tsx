import type { ChangedMeanwhile } from '@baton/contract'
import { Alert, Button, Stack, Text } from '@mantine/core'
import IconUsers from '@tabler/icons-react/dist/esm/icons/IconUsers.mjs'
import { useAction } from '../api/use-action.ts'
import { useTexts } from '../texts/use-texts.ts'
import { When } from '../ui/when.tsx'

interface OvertakenPanelProps {
  readonly by: ChangedMeanwhile
  readonly onLoad: () => Promise<void>
}

/** Somebody else saved first: who, when, and what becomes of what stands here. */
export const OvertakenPanel = ({ by, onLoad }: OvertakenPanelProps) => {
  const t = useTexts()
  const load = useAction({ run: onLoad })
  const title = (
    <>
      {t('journeys.overtaken.title', { name: by.changedBy })}, <When at={by.changedAt} />
    </>
  )
  return (
    <Alert color="yellow" icon={<IconUsers aria-hidden />} title={title}>
      <Stack gap={8} align="flex-start">
        <Text>{t('journeys.overtaken.lead')}</Text>
        <Button variant="default" onClick={() => load.mutate()} loading={load.isPending}>
          {t('journeys.overtaken.load')}
        </Button>
      </Stack>
    </Alert>
  )
}
