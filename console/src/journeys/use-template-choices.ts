import { page, template } from '@baton/contract'
import { useApi } from '../api/use-api.ts'

const templatePage = page(template)

export const useTemplateChoices = () =>
  useApi('/v1/templates', templatePage, { query: { limit: 200 } }).data?.items ?? []
