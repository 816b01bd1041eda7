import type { TemplateDraft } from '@baton/contract'
import { abandonedCart } from './abandoned-cart.ts'
import { confirmAddress } from './confirm-address.ts'
import { reviewRequest } from './review-request.ts'
import { serviceRecovery } from './service-recovery.ts'
import { welcome } from './welcome.ts'

/** Every workspace begins with these; they are its own to change. */
export const defaultTemplates = {
  'abandoned-cart': abandonedCart,
  welcome,
  'review-request': reviewRequest,
  'service-recovery': serviceRecovery,
  'confirm-address': confirmAddress,
} as const satisfies Record<string, TemplateDraft>
export type DefaultTemplate = keyof typeof defaultTemplates
