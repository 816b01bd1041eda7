import { type JourneySimulation, journeySimulation, type SimulationRequest } from '@baton/contract'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { useAction } from '../../api/use-action.ts'
import type { EditableDraft } from '../editable-draft.ts'
import { emptyTryOut, type TryOutForm } from './try-out-form.ts'

export interface TryOut {
  readonly form: TryOutForm
  readonly change: (part: Partial<TryOutForm>) => void
  readonly walk: (request: SimulationRequest) => void
  readonly isWalking: boolean
  readonly answer: JourneySimulation | null
  readonly error: Error | null
}

/** What was typed and what came of it, kept while other boxes are looked at. */
export const useTryOut = (journeyId: string, draft: EditableDraft, saveDraft: () => Promise<unknown>): TryOut => {
  const [form, setForm] = useState<TryOutForm>(() => emptyTryOut(draft))
  const walk = useAction({
    run: async (request: SimulationRequest) => {
      // A published version is what it is, whatever the draft says.
      if (request.version === undefined) await saveDraft()
      return api.post(`/v1/journeys/${journeyId}/simulation`, request, journeySimulation)
    },
    quiet: true,
  })
  return {
    form,
    change: (part) => setForm((before) => ({ ...before, ...part })),
    walk: (request) => walk.mutate(request),
    isWalking: walk.isPending,
    answer: walk.data ?? null,
    error: walk.error,
  }
}
