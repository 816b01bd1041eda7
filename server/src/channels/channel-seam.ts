import type { z } from 'zod'
import type { Instant, MessageId, PersonId, WorkspaceId } from '../kernel/index.ts'

export interface MailParty {
  readonly name: string
  readonly address: string
}

/** One mail, whole: what goes on the wire stands in `raw`. */
export interface OutgoingMail {
  readonly workspaceId: WorkspaceId
  readonly messageId: MessageId
  readonly personId: PersonId | null
  readonly from: MailParty
  readonly to: MailParty
  readonly subject: string
  readonly html: string
  readonly text: string
  /** RFC 5322 bytes. */
  readonly raw: Buffer
  /** Domain time. */
  readonly at: Instant
}

export type HandOver =
  /** The other side said that it has it. */
  | { readonly kind: 'accepted'; readonly detail: string }
  /** It certainly has not got it. `again`: later may be better. `badAddress`: it will never take this address. */
  | { readonly kind: 'refused'; readonly again: boolean; readonly badAddress: boolean; readonly detail: string }
  /** It may have it. */
  | { readonly kind: 'uncertain'; readonly detail: string }

/**
 * A way for messages to leave. A new one is a file with such an object, a choice in `carrierOf` of
 * `channels.ts`, and what `docs/guides/ten-small-changes.md` says of its settings.
 * `handOver` answers every outcome as a value; what it throws is a bug.
 */
export interface Channel<Settings> {
  readonly key: string
  readonly title: string
  readonly settings: z.ZodType<Settings>
  /** The same message id handed over twice is one message there: after a crash it is handed over again instead of being uncertain. */
  readonly keyed: boolean
  /** Hand-overs at once in one workspace. */
  readonly concurrency: number
  handOver(mail: OutgoingMail, settings: Settings, signal: AbortSignal): Promise<HandOver>
  close(): Promise<void>
}
