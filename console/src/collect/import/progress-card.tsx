import { Button, Group, Paper, Progress, Stack, Text } from '@mantine/core'
import IconPlayerStop from '@tabler/icons-react/dist/esm/icons/IconPlayerStop.mjs'
import { useTexts } from '../../texts/use-texts.ts'
import { useFocusFirst } from './use-focus-first.ts'

interface ProgressCardProps {
  readonly name: string
  readonly percent: number
  /** What is being done, in a sentence. */
  readonly children: string
  /** Left out for who may not stop it. */
  readonly onStop?: (() => void) | undefined
  readonly isStopping: boolean
  /** Where somebody has just begun it here. @default false */
  readonly takesFocus?: boolean
}

export const ProgressCard = ({ name, percent, children, onStop, isStopping, takesFocus }: ProgressCardProps) => {
  const t = useTexts()
  const card = useFocusFirst<HTMLDivElement>(takesFocus)
  return (
    <Paper withBorder p="md" ref={card} tabIndex={-1} style={{ outline: 'none' }}>
      <Stack gap={8}>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text fw={550} style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
          {onStop === undefined ? null : (
            <Button
              variant="default"
              style={{ flex: 'none' }}
              leftSection={<IconPlayerStop size={15} aria-hidden />}
              loading={isStopping}
              aria-label={t('imports.running.stopThis', { name })}
              onClick={onStop}
            >
              {t('imports.running.stop')}
            </Button>
          )}
        </Group>
        <Progress value={percent} aria-label={t('imports.running.label', { name })} />
        <Text c="dimmed" className="baton-numbers">
          {children}
        </Text>
      </Stack>
    </Paper>
  )
}
