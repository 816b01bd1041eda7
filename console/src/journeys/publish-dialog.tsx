import { type Journey, type JourneyImpact, journeyPublished, journeyValidation } from '@baton/contract'
import { Alert, Button, Group, Modal, Stack, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { apiKey } from '../api/use-api.ts'
import { useChosenWorkspaceId } from '../api/workspace-choice.ts'
import { PagePending } from '../app/page-pending.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { formatCount } from '../ui/numbers.ts'
import { overtakenBy } from './draft-keeper.ts'
import { DraftChanges, useNames } from './history-tab.tsx'
import { ProblemList } from './problems-menu.tsx'
import { UnsavedOrError } from './unsaved-or-error.tsx'

interface PublishButtonProps {
  readonly journey: Journey
  /** Sends what is not saved yet, and fails where it can't: `updatedAt` of what stands in the editor. */
  readonly beforeOpening: () => Promise<number>
  readonly isUnsaved: boolean
}

/** Saves, checks, and says what publishing means for the people inside before it happens. */
export const PublishButton = ({ journey, beforeOpening, isUnsaved }: PublishButtonProps) => {
  const t = useTexts()
  const [opened, dialog] = useDisclosure(false)
  const check = useAction({
    run: async () => {
      const expectedUpdatedAt = await beforeOpening()
      const checked = await api.post(`/v1/journeys/${journey.journeyId}/validate`, {}, journeyValidation)
      return { ...checked, expectedUpdatedAt }
    },
    quiet: true,
  })
  const isLive = journey.status === 'live' || journey.status === 'paused'
  const open = () => {
    dialog.open()
    check.mutate()
  }
  return (
    <>
      <Button onClick={open} disabled={isLive && !journey.changed && !isUnsaved}>
        {t(isLive ? 'journeys.editor.publishChanges' : 'journeys.editor.publish')}
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        size="lg"
        title={t('journeys.publish.title', { name: journey.name })}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        {check.error === null ? null : (
          <UnsavedOrError error={check.error} unsaved={t('journeys.publish.unsaved')} onRetry={() => check.mutate()} />
        )}
        {check.isPending ? <PagePending /> : null}
        {check.data === undefined || check.isPending ? null : (
          <PublishBody
            journey={journey}
            expectedUpdatedAt={check.data.expectedUpdatedAt}
            impact={check.data.impact}
            hasProblems={check.data.problems.length > 0}
            onClose={dialog.close}
          />
        )}
      </Modal>
    </>
  )
}

interface PublishBodyProps {
  readonly journey: Journey
  /** What somebody else changed meanwhile is not published unseen. */
  readonly expectedUpdatedAt: number
  readonly impact: JourneyImpact
  readonly hasProblems: boolean
  readonly onClose: () => void
}

const PublishBody = ({ journey, expectedUpdatedAt, impact, hasProblems, onClose }: PublishBodyProps) => {
  const t = useTexts()
  const names = useNames()
  const queries = useQueryClient()
  const workspaceId = useChosenWorkspaceId()
  const publish = useAction({
    run: () => api.post(`/v1/journeys/${journey.journeyId}/publish`, { expectedUpdatedAt }, journeyPublished),
    refreshes: ['/v1/journeys'],
    done: t('journeys.publish.done'),
    onDone: onClose,
    onFailed: () =>
      void queries.invalidateQueries({ queryKey: apiKey(workspaceId, `/v1/journeys/${journey.journeyId}`) }),
    quiet: true,
  })
  const overtaken = overtakenBy(publish.error)
  if (hasProblems) {
    return (
      <Stack>
        <Text>{t('journeys.publish.problems')}</Text>
        <ProblemList onGo={onClose} />
      </Stack>
    )
  }
  if (overtaken !== null) {
    return (
      <Stack>
        <Alert color="yellow" title={t('journeys.overtaken.title', { name: overtaken.changedBy })}>
          {t('journeys.publish.overtaken')}
        </Alert>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
        </Group>
      </Stack>
    )
  }
  return (
    <Stack>
      {publish.error === null ? null : <ErrorPanel error={publish.error} />}
      <Text>{t(journey.version === null ? 'journeys.publish.first' : 'journeys.publish.next')}</Text>
      {journey.version === null ? null : <Text>{t('journeys.publish.inside', { count: impact.inside })}</Text>}
      {impact.steps.length === 0 ? null : <ImpactTable impact={impact} />}
      {journey.version === null ? null : <DraftChanges journeyId={journey.journeyId} names={names} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('ui.cancel')}
        </Button>
        <Button loading={publish.isPending} onClick={() => publish.mutate()} data-autofocus>
          {t('journeys.publish.confirm')}
        </Button>
      </Group>
    </Stack>
  )
}

const ImpactTable = ({ impact }: { readonly impact: JourneyImpact }) => {
  const t = useTexts()
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table aria-label={t('journeys.publish.affected')} captionSide="top">
        <Table.Caption ta="start">{t('journeys.publish.affected')}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('journeys.publish.step')}</Table.Th>
            <Table.Th>{t('journeys.publish.change')}</Table.Th>
            <Table.Th ta="end">{t('journeys.publish.waiting')}</Table.Th>
            <Table.Th>{t('journeys.publish.outcome')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {impact.steps.map((step) => (
            <Table.Tr key={`${step.version} ${step.stepId}`}>
              <Table.Td>{step.title}</Table.Td>
              <Table.Td>{t(`journeys.publish.${step.change}`)}</Table.Td>
              <Table.Td ta="end" className="baton-numbers">
                {formatCount(step.waiting)}
              </Table.Td>
              <Table.Td>{step.outcome}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
