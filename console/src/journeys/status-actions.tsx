import { type Journey, journey as journeySchema } from '@baton/contract'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { type TextKey, useTexts } from '../texts/use-texts.ts'
import { ConfirmModal } from '../ui/confirm-modal.tsx'
import { formatCount } from '../ui/numbers.ts'

type StatusAction = 'pause' | 'resume' | 'stop'

interface Wording {
  readonly button: TextKey
  readonly title: TextKey
  readonly lead: TextKey
  readonly done: TextKey
}
const wordings: Readonly<Record<StatusAction, Wording>> = {
  pause: {
    button: 'journeys.editor.pause',
    title: 'journeys.statusChange.pauseTitle',
    lead: 'journeys.statusChange.pauseLead',
    done: 'journeys.statusChange.paused',
  },
  resume: {
    button: 'journeys.editor.resume',
    title: 'journeys.statusChange.resumeTitle',
    lead: 'journeys.statusChange.resumeLead',
    done: 'journeys.statusChange.resumed',
  },
  stop: {
    button: 'journeys.editor.stop',
    title: 'journeys.statusChange.stopTitle',
    lead: 'journeys.statusChange.stopLead',
    done: 'journeys.statusChange.stopped',
  },
}

const possible: Readonly<Record<Journey['status'], readonly StatusAction[]>> = {
  draft: [],
  live: ['pause', 'stop'],
  paused: ['resume', 'stop'],
  stopped: [],
}

/** Pause, resume, stop: each asks first and says what it means for the people inside. */
export const StatusActions = ({ journey }: { readonly journey: Journey }) => {
  const t = useTexts()
  const [asked, setAsked] = useState<StatusAction | null>(null)
  return (
    <>
      {possible[journey.status].map((action) => (
        <Button key={action} variant="default" onClick={() => setAsked(action)}>
          {t(wordings[action].button)}
        </Button>
      ))}
      {asked === null ? null : <AskFirst journey={journey} action={asked} onClose={() => setAsked(null)} />}
    </>
  )
}

interface AskFirstProps {
  readonly journey: Journey
  readonly action: StatusAction
  readonly onClose: () => void
}

const AskFirst = ({ journey, action, onClose }: AskFirstProps) => {
  const t = useTexts()
  const words = wordings[action]
  const run = useAction({
    run: () => api.post(`/v1/journeys/${journey.journeyId}/${action}`, {}, journeySchema),
    refreshes: ['/v1/journeys'],
    done: t(words.done),
    onDone: onClose,
  })
  const values = action === 'stop' ? { count: journey.active } : { count: formatCount(journey.active) }
  return (
    <ConfirmModal
      opened
      onClose={onClose}
      title={t(words.title)}
      confirm={t(words.button)}
      onConfirm={() => run.mutate()}
      busy={run.isPending}
      danger={action === 'stop'}
    >
      {t(words.lead, values)}
    </ConfirmModal>
  )
}
