import type { PhaseKey } from '@baton/contract'

/** The five phases of a customer's life cycle, in order, as people call them. */
export const phaseTitles: Readonly<Record<PhaseKey, string>> = {
  contact: 'Contact',
  consideration: 'Consideration',
  purchase: 'Purchase and implementation',
  'post-purchase': 'Post-purchase',
  loyalty: 'Loyalty',
}
