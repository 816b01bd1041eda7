import { type Journey, journeyDraftChanges } from '@baton/contract'
import { Stack } from '@mantine/core'
import { useMemo } from 'react'
import { useApi } from '../api/use-api.ts'
import { useSegmentChoices } from '../segments/use-segment-names.ts'
import { useTexts } from '../texts/use-texts.ts'
import { EmptyLine } from '../ui/empty-line.tsx'
import { Panel } from '../ui/panel.tsx'
import { ChangeList, VersionHistory } from '../ui/version-history.tsx'
import { useTemplateChoices } from './use-template-choices.ts'

interface HistoryTabProps {
  readonly journey: Journey
  readonly mayEdit: boolean
  readonly onRestored: () => void
}

/** What the draft would change, then every published version and what it changed. */
export const HistoryTab = ({ journey, mayEdit, onRestored }: HistoryTabProps) => {
  const t = useTexts()
  const names = useNames()
  if (journey.version === null) return <EmptyLine>{t('journeys.history.never')}</EmptyLine>
  return (
    <Stack>
      {journey.changed ? <DraftChanges journeyId={journey.journeyId} names={names} /> : null}
      <VersionHistory
        path={`/v1/journeys/${journey.journeyId}`}
        refreshes={['/v1/journeys']}
        mayRestore={mayEdit}
        newestToo={journey.changed}
        restoreLead={t('journeys.history.restoreLead')}
        onRestored={onRestored}
        names={names}
      />
    </Stack>
  )
}

/** What publishing would change, in words. */
export const DraftChanges = ({
  journeyId,
  names,
}: {
  readonly journeyId: string
  readonly names: ReadonlyMap<string, string>
}) => {
  const t = useTexts()
  const { data } = useApi(`/v1/journeys/${journeyId}/draft-changes`, journeyDraftChanges)
  if (data === undefined || data.changes === null) return null
  return (
    <Panel title={t('journeys.history.draft')}>
      <ChangeList changes={data.changes} names={names} />
    </Panel>
  )
}

/** Templates and segments by their ids. */
export const useNames = (): ReadonlyMap<string, string> => {
  const templates = useTemplateChoices()
  const segments = useSegmentChoices()
  return useMemo(
    () =>
      new Map([
        ...templates.map(({ templateId, name }) => [templateId, name] as const),
        ...segments.map(({ segmentId, name }) => [segmentId, name] as const),
      ]),
    [templates, segments],
  )
}
