import { keptVersion, type VersionChange } from '@baton/contract'
import { Badge, Button, Group, List, Paper, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { anyAnswer, api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useApiPages } from '../api/use-api.ts'
import { PagePending } from '../app/page-pending.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { ConfirmModal } from './confirm-modal.tsx'
import { EmptyLine } from './empty-line.tsx'
import { ErrorPanel } from './error-panel.tsx'
import { When } from './when.tsx'

interface VersionHistoryProps {
  /** Of the object, such as `/v1/segments/<id>`. */
  readonly path: string
  /** Paths whose answers a restored version changes. */
  readonly refreshes: readonly string[]
  readonly mayRestore: boolean
  /** What restoring means here, in a sentence. */
  readonly restoreLead: string
  readonly onRestored?: () => void
  /** What stands there now may differ from the newest version: it can be restored, too. */
  readonly newestToo?: boolean
  /** Names for ids that stand in what changed. */
  readonly names?: ReadonlyMap<string, string>
}

/** Every version, newest first: who saved it when, what it changed, and the way back to it. */
export const VersionHistory = (props: VersionHistoryProps) => {
  const t = useTexts()
  const versions = useApiPages(`${props.path}/versions`, keptVersion)
  const [asked, setAsked] = useState<number | null>(null)
  const restore = useAction({
    run: (version: number) => api.post(`${props.path}/versions/${version}/restore`, {}, anyAnswer),
    refreshes: [...props.refreshes, props.path],
    done: t('ui.versions.restored'),
    onDone: () => {
      setAsked(null)
      props.onRestored?.()
    },
  })
  if (versions.error !== null) return <ErrorPanel error={versions.error} onRetry={() => void versions.refetch()} />
  if (versions.items === undefined) return <PagePending />
  if (versions.items.length === 0) return <EmptyLine>{t('ui.versions.empty')}</EmptyLine>
  return (
    <Stack gap="xs">
      <Stack component="ol" gap="xs" m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('ui.versions.list')}>
        {versions.items.map((each, index) => (
          <Paper component="li" key={each.version} withBorder p="sm">
            <Group justify="space-between" gap="xs" mb={each.changes.length === 0 ? 0 : 6}>
              <Group gap={8}>
                <Badge color="gray">{t('ui.versions.number', { version: each.version })}</Badge>
                <Text size="sm" c="dimmed" component="div">
                  {each.by} · <When at={each.at} />
                </Text>
                {index === 0 ? <Badge color="teal">{t('ui.versions.newest')}</Badge> : null}
              </Group>
              {props.mayRestore && (index > 0 || props.newestToo === true) ? (
                <Button
                  variant="default"
                  size="compact-sm"
                  aria-label={t('ui.versions.restoreThis', { version: each.version })}
                  onClick={() => setAsked(each.version)}
                >
                  {t('ui.versions.restore')}
                </Button>
              ) : null}
            </Group>
            {each.version === 1 ? (
              <Text size="sm" c="dimmed">
                {t('ui.versions.first')}
              </Text>
            ) : (
              <ChangeList changes={each.changes} names={props.names} />
            )}
          </Paper>
        ))}
      </Stack>
      {versions.loadMore === undefined ? null : (
        <Button variant="default" onClick={versions.loadMore} loading={versions.isLoadingMore} w="fit-content">
          {t('ui.loadMore')}
        </Button>
      )}
      <ConfirmModal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={t('ui.versions.restoreTitle', { version: asked ?? 0 })}
        confirm={t('ui.versions.restore')}
        onConfirm={() => asked !== null && restore.mutate(asked)}
        busy={restore.isPending}
      >
        {props.restoreLead}
      </ConfirmModal>
    </Stack>
  )
}

interface ChangeListProps {
  readonly changes: readonly VersionChange[]
  readonly names?: ReadonlyMap<string, string> | undefined
}

/** What differs, a line each: where, what stood there, what stands there now. */
export const ChangeList = ({ changes, names }: ChangeListProps) => {
  const t = useTexts()
  const said = (text: string) => names?.get(text) ?? (text === '' ? t('ui.versions.blank') : text)
  if (changes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('ui.versions.same')}
      </Text>
    )
  return (
    <List size="sm" spacing={4} listStyleType="none">
      {changes.map((change, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what a version changed never changes
        <List.Item key={index} styles={{ itemWrapper: { display: 'block' } }}>
          <Text span inherit fw={520} style={{ overflowWrap: 'anywhere' }}>
            {change.where.length === 0 ? t('ui.versions.whole') : change.where.join(' › ')}
          </Text>{' '}
          <Text span inherit c="dimmed">
            {t(`ui.versions.kind.${change.kind}`)}
          </Text>
          {change.kind === 'moved' ? null : (
            <>
              {change.before === null ? null : (
                <Text component="del" fz="sm" c="dimmed" td="line-through" display="block" style={textStyle}>
                  {said(change.before)}
                </Text>
              )}
              {change.after === null ? null : (
                <Text component="ins" fz="sm" display="block" style={{ ...textStyle, textDecoration: 'none' }}>
                  {said(change.after)}
                </Text>
              )}
            </>
          )}
        </List.Item>
      ))}
    </List>
  )
}

const textStyle = {
  whiteSpace: 'pre-wrap',
  overflowWrap: 'anywhere',
  paddingInlineStart: 10,
  borderInlineStart: '2px solid var(--baton-line)',
} as const
