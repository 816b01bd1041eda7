/** Messages: the send ledger, from planned to handed over, and what comes back. */

export type { MessageIntent } from './message-row.ts'
export { createMessages, type Messages, type MessagesDeps } from './messages.ts'
export type { RunLiveness } from './ports.ts'
export { messagesRoutes } from './routes.ts'
