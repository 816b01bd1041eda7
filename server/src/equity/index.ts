/** Customer equity: what customers are worth, in a period (the statement) and from now on (the forward figure). */

export { type DateFormat, type Day, dateFormats, parseDay, writeDay } from '../kernel/index.ts'
export { type BgNbdParameters, bgNbd, createBgNbd } from './bg-nbd.ts'
export {
  type Converter,
  createConverter,
  type ExchangeRates,
  fixedRates,
  type Unconverted,
} from './currency-conversion.ts'
export { type BalanceLine, balanceCustomers, type CustomerBalance } from './customer-balance.ts'
export {
  type CostFact,
  type CostKind,
  costKinds,
  type Lapse,
  type OrderFact,
  type Period,
  type PersonFacts,
} from './customer-facts.ts'
export {
  isCustomerBefore,
  moveIn,
  type Relationship,
  type RelationshipMove,
  relationshipOf,
} from './customer-relationship.ts'
export { type CustomerValue, createValuation, type ValuationAssumptions } from './customer-valuation.ts'
export { type AskedPeriod, createEquity, type Equity, type EquityDeps, type TermPeople } from './equity.ts'
export { defaultEquitySettings } from './equity-setting-store.ts'
export {
  type CustomerForecast,
  type FitReport,
  type FitReportOutcome,
  type ReportAssumptions,
  reportFit,
} from './fit-report.ts'
export { explainForwardChange, type ForwardChange } from './forward-change.ts'
export {
  type ComputedForwardEquity,
  computeForwardEquity,
  type Figure,
  type ForwardAssumptions,
  type ForwardEquity,
  type FutureFigure,
  type PersonValue,
} from './forward-equity.ts'
export type { AcquisitionAssumptions } from './future-customers.ts'
export {
  expectedSpend,
  fitGammaGamma,
  type GammaGammaParameters,
  type RepeatSpend,
  type SpendFit,
} from './gamma-gamma.ts'
export { type CumulativePoint, compareHoldout, type Holdout, trackCumulative } from './holdout.ts'
export { constantRetentionValue, type Discounting, marginMultiple } from './lifetime-value.ts'
export type { PersonLapse } from './order-columns.ts'
export { historyOfOrders } from './order-history.ts'
export { createParetoNbd, type ParetoNbdParameters, paretoNbd } from './pareto-nbd.ts'
export {
  type CostTerm,
  type CustomerTerm,
  type PeriodStatement,
  type StatementResult,
  statePeriod,
} from './period-statement.ts'
export { personValueRoutes } from './person-value-routes.ts'
export {
  expectedPurchases,
  expectedPurchasesOfNew,
  fitPurchaseModel,
  type PurchaseFit,
  type PurchaseModel,
  type PurchaseModelName,
  purchaseModelNames,
} from './purchase-model.ts'
export { purchaseModels } from './purchase-models.ts'
export type { PurchaseSummary } from './purchase-summary.ts'
export {
  type Purchase,
  type PurchasesFile,
  type PurchasesFileOptions,
  readPurchasesFile,
  type UnreadRow,
} from './purchases-file.ts'
export {
  type CustomerRecord,
  type PurchaseHistory,
  summarisePurchases,
  type TimeUnit,
  timeUnits,
  unitsPerYear,
} from './rfm.ts'
export { equityRoutes } from './routes.ts'
export {
  discountedLifetime,
  discountedResidualLifetime,
  fitShiftedBetaGeometric,
  retentionRate,
  type ShiftedBetaGeometric,
  survival,
} from './shifted-beta-geometric.ts'
export { type WaterfallKey, type WaterfallStep, waterfallOf } from './statement-waterfall.ts'
