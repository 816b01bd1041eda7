import { membershipWhy, type Trace } from '@baton/contract'
import { Anchor, Box, Drawer, Group, Stack, Text, Title } from '@mantine/core'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import { Link } from '@tanstack/react-router'
import { useApi } from '../api/use-api.ts'
import { PagePending } from '../app/page-pending.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { SaidText } from '../ui/said-text.tsx'
import { When } from '../ui/when.tsx'

export interface WhyOf {
  readonly personId: string
  readonly label: string
}

interface WhyDrawerProps {
  readonly segmentId: string
  readonly asked: WhyOf | null
  readonly onClose: () => void
}

/** Why somebody is, or is not, in a segment: every condition with what was seen. */
export const WhyDrawer = ({ segmentId, asked, onClose }: WhyDrawerProps) => {
  const t = useTexts()
  return (
    <Drawer
      opened={asked !== null}
      onClose={onClose}
      position="right"
      size={480}
      title={asked === null ? '' : t('segments.why.title', { who: asked.label })}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
      attributes={{ header: { role: 'presentation' } }}
    >
      {asked === null ? null : <Why segmentId={segmentId} personId={asked.personId} />}
    </Drawer>
  )
}

const Why = ({ segmentId, personId }: { readonly segmentId: string; readonly personId: string }) => {
  const t = useTexts()
  const { data, error, refetch } = useApi(`/v1/people/${personId}/segments/${segmentId}/why`, membershipWhy)
  if (error !== null) return <ErrorPanel error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <PagePending />
  return (
    <Stack>
      <Text fw={550}>{t(data.holds ? 'segments.why.holds' : 'segments.why.holdsNot')}</Text>
      <Text c="dimmed">
        {data.nextChangeAt === null ? (
          t('segments.why.never')
        ) : (
          <>
            {t('segments.why.nextChange')}: <When at={data.nextChangeAt} />
          </>
        )}
      </Text>
      {data.truncated ? <Text c="dimmed">{t('segments.why.truncated')}</Text> : null}
      <Title order={3}>{t('segments.why.conditions')}</Title>
      <Box component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        <TraceNode trace={data.trace} />
      </Box>
      {data.history.length === 0 ? null : (
        <>
          <Title order={3}>{t('segments.why.history')}</Title>
          <Stack gap={4} component="ol" m={0} p={0} style={{ listStyle: 'none' }}>
            {data.history.map((change) => (
              <li key={change.seq}>
                <Group gap={8} justify="space-between">
                  <Text>
                    {t(change.entered ? 'segments.changes.entered' : 'segments.changes.left')}
                    {' · '}
                    {t(`segments.causes.${change.cause}`)}
                  </Text>
                  <Text size="xs" c="dimmed" component="div">
                    <When at={change.at} />
                  </Text>
                </Group>
              </li>
            ))}
          </Stack>
        </>
      )}
      <Anchor size="sm" renderRoot={(props) => <Link to="/people/$personId" params={{ personId }} {...props} />}>
        {t('segments.why.toPerson')}
      </Anchor>
    </Stack>
  )
}

const TraceNode = ({ trace }: { readonly trace: Trace }) => {
  const t = useTexts()
  const colour = trace.holds ? 'var(--mantine-color-teal-text)' : 'var(--mantine-color-red-text)'
  return (
    <li>
      <Group gap={8} wrap="nowrap" align="flex-start" py={3}>
        <Box c={colour} pt={2} lh={0} role="img" aria-label={t(trace.holds ? 'segments.why.yes' : 'segments.why.no')}>
          {trace.holds ? <IconCheck size={15} aria-hidden /> : <IconX size={15} aria-hidden />}
        </Box>
        <Box miw={0}>
          <Text>{trace.sentence}</Text>
          {trace.saw === undefined ? null : (
            <Text size="xs" c="dimmed">
              <SaidText>{trace.saw}</SaidText>
            </Text>
          )}
        </Box>
      </Group>
      {trace.of === undefined ? null : (
        <Box component="ul" m={0} pl={22} style={{ listStyle: 'none' }}>
          {trace.of.map((part) => (
            <TraceNode key={part.path} trace={part} />
          ))}
        </Box>
      )}
    </li>
  )
}
