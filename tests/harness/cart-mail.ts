import { defaultTemplateId } from '../../server/src/content/index.ts'
import type { WorkspaceId } from '../../server/src/kernel/index.ts'

/** The step `mail` of a journey, after which it ends: the abandoned cart's template, about orders. */
export const cartMail = (workspaceId: WorkspaceId) => ({
  id: 'mail',
  kind: 'message',
  templateId: defaultTemplateId(workspaceId, 'abandoned-cart'),
  channel: 'email',
  topic: 'orders',
  next: null,
})
