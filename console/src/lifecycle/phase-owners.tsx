import { type Member, member, type Phase, phaseKey, phases as phasesSchema } from '@baton/contract'
import { Button, Group, Modal, Select, Skeleton, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useApi, useApiPages } from '../api/use-api.ts'
import { answersFor } from '../app/reach.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { ownerChanges } from './owner-changes.ts'

/** The button and its form: who answers for each of the five phases. Nothing for who may not plan. */
export const PhaseOwners = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const [opened, dialog] = useDisclosure(false)
  if (!workspace.permissions.includes('plan:write')) return null
  if (!phaseKey.options.some((phase) => answersFor(workspace, { phase }))) return null
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {t('lifecycle.owners.open')}
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title={t('lifecycle.owners.title')}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        {opened ? <Owners onDone={dialog.close} /> : null}
      </Modal>
    </>
  )
}

const Owners = ({ onDone }: { readonly onDone: () => void }) => {
  const t = useTexts()
  const phases = useApi('/v1/phases', phasesSchema)
  const members = useApiPages('/v1/members', member)
  const error = phases.error ?? members.error
  if (error !== null) return <ErrorPanel error={error} onRetry={() => void phases.refetch()} />
  if (phases.data === undefined || members.items === undefined) {
    return <Skeleton height={220} role="status" aria-label={t('ui.loading')} />
  }
  return <OwnersForm phases={phases.data} members={members.items} onDone={onDone} />
}

interface OwnersFormProps {
  readonly phases: readonly Phase[]
  readonly members: readonly Member[]
  readonly onDone: () => void
}

const OwnersForm = ({ phases, members, onDone }: OwnersFormProps) => {
  const t = useTexts()
  const { workspace } = useHere()
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({})
  const own = phases.filter(({ phase }) => answersFor(workspace, { phase }))
  const changes = ownerChanges(own, chosen)
  const save = useAction({
    run: () => api.put('/v1/phases', changes, phasesSchema),
    refreshes: ['/v1/phases', '/v1/home'],
    done: t('lifecycle.owners.saved'),
    onDone,
    quiet: true,
  })
  return (
    <Stack gap="sm">
      <Text c="dimmed">{t('lifecycle.owners.lead')}</Text>
      {own.length === phases.length ? null : <Text c="dimmed">{t('lifecycle.owners.ownOnly')}</Text>}
      {phases.map((phase) => (
        <Select
          key={phase.phase}
          label={phase.title}
          {...(phase.named ? {} : { description: t('lifecycle.owners.byDefault') })}
          {...(own.includes(phase) ? {} : { readOnly: true, variant: 'unstyled', rightSection: <></> })}
          data={members.map((one) => ({ value: one.userId, label: one.name }))}
          value={chosen[phase.phase] ?? phase.owner?.userId ?? null}
          allowDeselect={false}
          searchable
          onChange={(userId) => {
            if (userId !== null) setChosen({ ...chosen, [phase.phase]: userId })
          }}
        />
      ))}
      {save.error === null ? null : <ErrorPanel error={save.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          {t('ui.cancel')}
        </Button>
        <Button onClick={() => save.mutate()} loading={save.isPending} disabled={changes.length === 0}>
          {t('lifecycle.owners.save')}
        </Button>
      </Group>
    </Stack>
  )
}
