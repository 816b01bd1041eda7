/** Messages: the send ledger, from planned to handed over, and what comes back. */

export { inboundRoutes } from './inbound-routes.ts'
export type { MessageIntent } from './message-row.ts'
export { createMessages, type Messages, type MessagesDeps } from './messages.ts'
export type { RunLiveness } from './ports.ts'
export { publicRoutes } from './public-routes.ts'
export { messagesRoutes } from './routes.ts'
export { countsByStep, type StepCounts } from './step-counts-store.ts'
