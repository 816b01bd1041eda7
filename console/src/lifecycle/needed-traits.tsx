import {
  eventCatalogue,
  type LifeCycleDefinitionView,
  leastOfNeeded,
  lifeCycleDefinitionView,
  mostNeededTraits,
} from '@baton/contract'
import { Button, Group, Modal, Skeleton, Stack, Table, TagsInput, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useApi } from '../api/use-api.ts'
import { mayForAll } from '../app/reach.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'

/** The button and its form: which traits make a record Known. Nothing for who may not change it. */
export const NeededTraits = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const [opened, dialog] = useDisclosure(false)
  const { data, error, refetch } = useApi('/v1/life-cycle/definition', lifeCycleDefinitionView, { enabled: opened })
  if (!mayForAll(workspace, 'segments:write')) return null
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {t('lifecycle.needed.open')}
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title={t('lifecycle.needed.title')}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        {data === undefined && error !== null ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : null}
        {data === undefined && error === null ? (
          <Skeleton height={220} role="status" aria-label={t('ui.loading')} />
        ) : null}
        {data === undefined || !opened ? null : (
          <NeededTraitsForm key={data.version} definition={data} onDone={dialog.close} />
        )}
      </Modal>
    </>
  )
}

interface NeededTraitsFormProps {
  readonly definition: LifeCycleDefinitionView
  readonly onDone: () => void
}

const NeededTraitsForm = ({ definition, onDone }: NeededTraitsFormProps) => {
  const t = useTexts()
  const catalogue = useApi('/v1/event-names', eventCatalogue)
  const seen = catalogue.data?.traits ?? []
  const [traits, setTraits] = useState<string[]>(definition.neededTraits)
  const save = useAction({
    run: () => api.put('/v1/life-cycle/needed-traits', { neededTraits: traits }, lifeCycleDefinitionView),
    refreshes: ['/v1/life-cycle', '/v1/home'],
    done: t('lifecycle.needed.saved'),
    onDone,
    quiet: true,
  })
  const isSame = traits.join('\n') === definition.neededTraits.join('\n')
  return (
    <Stack gap="sm">
      <Text c="dimmed">{t('lifecycle.needed.lead')}</Text>
      <TagsInput
        label={t('lifecycle.needed.traits')}
        description={t('lifecycle.needed.of', { least: leastOfNeeded(traits.length), count: traits.length })}
        value={traits}
        onChange={setTraits}
        data={seen.map(({ name }) => name)}
        maxTags={mostNeededTraits}
        clearable={false}
        error={traits.length === 0 ? t('lifecycle.needed.missing') : null}
      />
      {catalogue.data === undefined || traits.length === 0 ? null : (
        <Table>
          <Table.Tbody>
            {traits.map((trait) => (
              <Table.Tr key={trait}>
                <Table.Th fw={400} style={{ overflowWrap: 'anywhere' }}>
                  {trait}
                </Table.Th>
                <Table.Td ta="right" className="baton-numbers">
                  {t('lifecycle.needed.people', { count: seen.find(({ name }) => name === trait)?.people ?? 0 })}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Text size="sm" c="dimmed">
        {t('lifecycle.needed.counted')}
      </Text>
      {save.error === null ? null : <ErrorPanel error={save.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          {t('ui.cancel')}
        </Button>
        <Button onClick={() => save.mutate()} loading={save.isPending} disabled={isSame || traits.length === 0}>
          {t('lifecycle.needed.save')}
        </Button>
      </Group>
    </Stack>
  )
}
