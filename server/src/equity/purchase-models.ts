import { bgNbd } from './bg-nbd.ts'
import { paretoNbd } from './pareto-nbd.ts'
import type { PurchaseModelFamily, PurchaseModelName } from './purchase-model.ts'

/** The purchase models one can choose from. */
export const purchaseModels: Record<PurchaseModelName, PurchaseModelFamily> = {
  'bg-nbd': bgNbd,
  'pareto-nbd': paretoNbd,
}
