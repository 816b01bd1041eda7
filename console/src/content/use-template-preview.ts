import { type TemplateDraft, templatePreview } from '@baton/contract'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import { useChosenWorkspaceId } from '../api/workspace-choice.ts'

const settleMs = 400

/** A draft rendered for one person (or the sample person): subject, text, what is missing, what is wrong. */
export const useTemplatePreview = (draft: TemplateDraft, personId: string | null) => {
  const workspaceId = useChosenWorkspaceId()
  // The name and topic are not part of what is rendered, and may be empty while somebody begins.
  const template = { ...draft, name: draft.name || '–', topic: draft.topic || '–', subject: draft.subject || ' ' }
  const body = JSON.stringify({ template, ...(personId === null ? {} : { personId }) })
  const [request] = useDebouncedValue(body, settleMs)
  const answer = useQuery({
    queryKey: ['api', workspaceId, '/v1/templates/preview', request],
    queryFn: ({ signal }) => api.post('/v1/templates/preview', JSON.parse(request), templatePreview, { signal }),
    enabled: draft.mjml.trim() !== '',
    placeholderData: keepPreviousData,
    retry: false,
  })
  return { answer, request }
}
