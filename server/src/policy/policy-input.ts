import type {
  Consent,
  MessageChannel,
  MessagePhase,
  MessagePurpose,
  PolicySettings,
  Preferences,
  Suppression,
} from '@baton/contract'
import type { Instant, Milliseconds, TimeZone } from '../kernel/index.ts'

/** Whether what planned the message still stands behind it. `paused` may go on later. */
export type Liveness = 'live' | 'paused' | 'ended' | 'stopped'

export interface MessageFacts {
  readonly channel: MessageChannel
  readonly topic: string
  readonly purpose: MessagePurpose
  readonly phase: MessagePhase
  readonly deadlineAt: Instant
}

/** One hand-over (ours, or one another system reported), as frequency caps count it. */
export interface Contact {
  readonly at: Instant
  readonly channel: MessageChannel
  readonly topic: string
  readonly phase: MessagePhase
  readonly purpose: MessagePurpose
}

/** Suppressed in general, or (bounced, complained) at one address only. */
export interface SuppressionFact extends Suppression {
  readonly address: string | null
}

/** What policy knows of a person, combined over all her subjects. */
export interface PersonPolicyFacts {
  /** The newest statement for each purpose; a refusal by any subject wins. */
  readonly consents: readonly Consent[]
  readonly preferences: Preferences
  readonly suppressions: readonly SuppressionFact[]
  readonly openIssue: boolean
  readonly contacts: readonly Contact[]
}

/** What other rooms know of her. */
export interface PersonSituation {
  /** Where this channel reaches her; null: nowhere. */
  readonly address: string | null
  /** Null: not known. */
  readonly timeZone: TimeZone | null
  /** Life-cycle states, written `track:state`. */
  readonly states: readonly string[]
}

/** Everything a decision depends on. */
export interface PolicyInput {
  readonly now: Instant
  readonly message: MessageFacts
  readonly person: PersonPolicyFacts & PersonSituation
  readonly run: Liveness
  readonly workspaceTimeZone: TimeZone
  readonly settings: PolicySettings
}

/** How long contacts must be remembered for the caps of these settings. */
export const longestWindowMs = (settings: PolicySettings): Milliseconds =>
  Math.max(weekMs, ...settings.caps.map((cap) => cap.windowMs))
export const weekMs = 7 * 24 * 3600_000
