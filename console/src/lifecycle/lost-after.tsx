import { type LostAfterView, lifeCycleDefinitionView, lostAfterView } from '@baton/contract'
import { Button, Group, Modal, NumberInput, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useApi } from '../api/use-api.ts'
import { mayForAll } from '../app/reach.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'

const path = '/v1/life-cycle/lost-after'

/** The button and its form: after how many days without an order somebody is lost. Nothing for who may not change it. */
export const LostAfter = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const [opened, dialog] = useDisclosure(false)
  // All orders are looked at for it: only for who asks.
  const { data, error, refetch } = useApi(path, lostAfterView, { enabled: opened })
  if (!mayForAll(workspace, 'segments:write')) return null
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {t('lifecycle.lost.open')}
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title={t('lifecycle.lost.title')}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        {data === undefined && error !== null ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : null}
        {data === undefined && error === null ? (
          <Skeleton height={220} role="status" aria-label={t('ui.loading')} />
        ) : null}
        {data === undefined || !opened ? null : <LostAfterForm view={data} onDone={dialog.close} />}
      </Modal>
    </>
  )
}

const LostAfterForm = ({ view, onDone }: { readonly view: LostAfterView; readonly onDone: () => void }) => {
  const t = useTexts()
  const { gaps, suggestedDays } = view
  const [days, setDays] = useState<number | string>(view.lostAfterDays)
  const isGood = typeof days === 'number' && Number.isInteger(days) && days >= 1 && days <= 3650
  const save = useAction({
    run: () => api.put(path, { lostAfterDays: days }, lifeCycleDefinitionView),
    refreshes: ['/v1/life-cycle', '/v1/home', '/v1/equity'],
    done: t('lifecycle.lost.saved'),
    onDone,
    quiet: true,
  })
  return (
    <Stack gap="sm">
      <Text c="dimmed">{t('lifecycle.lost.lead')}</Text>
      <NumberInput
        label={t('lifecycle.lost.days')}
        value={days}
        onChange={setDays}
        min={1}
        max={3650}
        allowDecimal={false}
      />
      <Gaps gaps={gaps} />
      {suggestedDays === null && gaps.gaps > 0 ? <Text size="sm">{t('lifecycle.lost.tooFew')}</Text> : null}
      {suggestedDays === null || suggestedDays === days ? null : (
        <Group gap="xs">
          <Button variant="light" onClick={() => setDays(suggestedDays)}>
            {t('lifecycle.lost.suggested', { count: suggestedDays })}
          </Button>
          <Text size="sm" c="dimmed">
            {t('lifecycle.lost.suggestedWhy')}
          </Text>
        </Group>
      )}
      <Text size="sm" c="dimmed">
        {t('lifecycle.lost.counted')}
      </Text>
      {save.error === null ? null : <ErrorPanel error={save.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          {t('ui.cancel')}
        </Button>
        <Button
          onClick={() => save.mutate()}
          loading={save.isPending}
          disabled={!isGood || days === view.lostAfterDays}
        >
          {t('lifecycle.lost.save')}
        </Button>
      </Group>
    </Stack>
  )
}

const Gaps = ({ gaps }: Pick<LostAfterView, 'gaps'>) => {
  const t = useTexts()
  if (gaps.gaps === 0) return <Text size="sm">{t('lifecycle.lost.none')}</Text>
  const rows = [
    { label: t('lifecycle.lost.half'), days: gaps.median },
    { label: t('lifecycle.lost.most'), days: gaps.p90 },
    { label: t('lifecycle.lost.nearlyAll'), days: gaps.p95 },
  ]
  return (
    <>
      <Text size="sm">
        {t('lifecycle.lost.gaps', { count: gaps.gaps, people: gaps.people, history: gaps.historyDays })}
      </Text>
      <Table>
        <Table.Tbody>
          {rows.map(({ label, days }) => (
            <Table.Tr key={label}>
              <Table.Th fw={400}>{label}</Table.Th>
              <Table.Td ta="right">{t('lifecycle.lost.inDays', { count: days ?? 0 })}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  )
}
