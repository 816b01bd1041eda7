import { Anchor, Box, Group, Loader, Progress, Stack, Text, VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { formatCount, formatShare } from '../ui/numbers.ts'
import { Panel } from '../ui/panel.tsx'
import type { RulePreview } from './use-rule-preview.ts'

/** Who the rule means right now: count, reachable, who comes and goes by saving, ten examples. */
export const PreviewPanel = ({ live }: { readonly live: RulePreview }) => {
  const t = useTexts()
  const { preview, isCounting, isEmpty, isPartial, error } = live
  return (
    <Panel
      title={t('segments.preview.title')}
      aside={isCounting ? <Loader size={16} aria-hidden /> : null}
      bg="var(--baton-surface)"
    >
      <VisuallyHidden role="status">
        {isCounting || preview === undefined
          ? t('segments.preview.counting')
          : t('segments.peopleCount', { count: preview.count })}
      </VisuallyHidden>
      {isEmpty ? <Text c="dimmed">{t('segments.preview.waiting')}</Text> : null}
      {error === null ? null : <ErrorPanel error={error} onRetry={live.retry} />}
      {preview === undefined || error !== null ? null : <Figures preview={preview} />}
      {isPartial && preview !== undefined ? (
        <Text size="xs" c="dimmed" mt="sm">
          {t('segments.preview.partial')}
        </Text>
      ) : null}
    </Panel>
  )
}

const Figures = ({ preview }: { readonly preview: NonNullable<RulePreview['preview']> }) => {
  const t = useTexts()
  const share = preview.total === 0 ? 0 : preview.count / preview.total
  const { email, asked } = preview.reachable
  const reachable = preview.count === 0 ? 0 : email / preview.count
  const isSample = asked < preview.count
  return (
    <Stack gap="sm">
      <div>
        <Text fz={30} fw={640} lh={1.15} className="baton-numbers">
          {formatCount(preview.count)}
        </Text>
        <Text size="xs" c="dimmed" className="baton-numbers">
          {t('segments.preview.of', { total: formatCount(preview.total), share: formatShare(share) })}
        </Text>
        <Progress value={share * 100} size={5} mt={8} aria-label={t('segments.preview.share')} />
      </div>
      <Stack gap={4} component="dl" m={0}>
        <Line
          label={t('segments.preview.reachable')}
          hint={
            isSample
              ? `${t('segments.preview.reachableHint')} ${t('segments.preview.reachableAsked', { asked })}`
              : t('segments.preview.reachableHint')
          }
          value={
            isSample
              ? t('segments.preview.reachableAbout', { count: email, share: formatShare(reachable) })
              : `${formatCount(email)} · ${formatShare(reachable)}`
          }
        />
        <Line label={t('segments.preview.entering')} value={`+${formatCount(preview.entering)}`} tone="teal" />
        <Line label={t('segments.preview.leaving')} value={`−${formatCount(preview.leaving)}`} tone="red" />
      </Stack>
      <Box>
        <Text size="xs" fw={550} c="dimmed" mb={4}>
          {t('segments.preview.examples')}
        </Text>
        {preview.examples.length === 0 ? (
          <Text c="dimmed">{t('segments.preview.nobody')}</Text>
        ) : (
          <Stack gap={3} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
            {preview.examples.map((person) => (
              <li key={person.personId}>
                <Group gap={8} wrap="nowrap" justify="space-between">
                  <Anchor
                    size="sm"
                    truncate
                    renderRoot={(props) => (
                      <Link to="/people/$personId" params={{ personId: person.personId }} {...props} />
                    )}
                  >
                    {person.label}
                  </Anchor>
                  <Text size="xs" c="dimmed" truncate>
                    {person.email === person.label ? '' : (person.email ?? t('segments.preview.noEmail'))}
                  </Text>
                </Group>
              </li>
            ))}
          </Stack>
        )}
      </Box>
      <Text size="xs" c="dimmed" className="baton-numbers">
        {t('segments.preview.took', { ms: preview.tookMs })}
      </Text>
    </Stack>
  )
}

interface LineProps {
  readonly label: string
  readonly value: string
  readonly hint?: string
  readonly tone?: 'teal' | 'red'
}

const Line = ({ label, value, hint, tone }: LineProps) => (
  <Group justify="space-between" gap="xs" wrap="nowrap" title={hint}>
    <Text component="dt" c="dimmed">
      {label}
    </Text>
    <Text
      component="dd"
      m={0}
      fw={550}
      className="baton-numbers"
      {...(tone === undefined ? {} : { c: `var(--mantine-color-${tone}-text)` })}
    >
      {value}
    </Text>
  </Group>
)
