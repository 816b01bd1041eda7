import { z } from 'zod'
import { instant } from './common.ts'
import { journeyDefinition } from './journey.ts'

/** Policy: what may be said to whom and when. It decides every message at the instant it would be handed over. */

/** What a message is for. Selling is held back first; serving (about something she ordered or asked) needs no consent by default. */
export const messagePurpose = journeyDefinition.shape.purpose.unwrap()
export type MessagePurpose = z.infer<typeof messagePurpose>
export const messagePhase = journeyDefinition.shape.phase
export type MessagePhase = z.infer<typeof messagePhase>
export const messageChannel = z.enum(['email'])
export type MessageChannel = z.infer<typeof messageChannel>

/** Why a message was held, dropped, cancelled, refused or is uncertain: the closed list, stored and shown. */
export const messageReason = z.enum([
  'erased',
  'suppressed',
  'bounced',
  'complained',
  'no-address',
  'invalid-address',
  'no-consent',
  'unsubscribed-all',
  'unsubscribed-topic',
  'unsubscribed-channel',
  'paused',
  'kill-switch',
  'journey-stopped',
  'journey-not-live',
  'run-ended',
  'open-issue-no-selling',
  'no-push-state',
  'quiet-hours',
  'frequency-cap',
  'expired',
  'not-approved',
  'template-missing',
  'template-error',
  'channel-not-ready',
  'channel-refused',
  'connection-lost',
  'worker-lost',
  'restored',
  'failed',
])
export type MessageReason = z.infer<typeof messageReason>

export const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day like 21:00')
const key = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens')

export const topic = z.object({
  topic: key,
  title: z.string().min(1).max(80),
  /** In the customer's words, on the preference page. */
  description: z.string().max(300).default(''),
})
export type Topic = z.infer<typeof topic>

/** At most `limit` hand-overs in any `windowMs`, counted over all her subjects, for what the filters name (none: everything). */
export const frequencyCap = z.object({
  cap: key,
  title: z.string().min(1).max(80),
  limit: z.int().min(1).max(1000),
  windowMs: z
    .int()
    .min(60_000)
    .max(366 * 24 * 3600_000),
  channel: messageChannel.optional(),
  topic: key.optional(),
  phase: messagePhase.optional(),
  /** Serving messages are not capped unless named here. */
  purposes: z.array(messagePurpose).min(1).default(['sell', 'inform', 'coach']),
})
export type FrequencyCap = z.infer<typeof frequencyCap>

export const policySettings = z.object({
  /** Nothing leaves between these times of the person's own day (her zone unknown: the workspace's). `null`: no quiet hours. */
  quietHours: z.object({ from: clockTime, to: clockTime, purposes: z.array(messagePurpose).min(1) }).nullable(),
  caps: z.array(frequencyCap).max(20),
  topics: z.array(topic).max(50),
  /** Purposes that need the person's consent. */
  consentNeeded: z.array(messagePurpose),
  /** Life-cycle states, written `track:state`, in which selling is held back. */
  noPushStates: z.array(z.string().min(3).max(120)).max(50),
  /** While on, nothing is handed over; messages wait until their deadline. */
  killSwitch: z.boolean(),
  /** The sentence beside the consent box on hosted forms. */
  consentWording: z.string().min(1).max(1000),
})
export type PolicySettings = z.infer<typeof policySettings>
export const policySettingsChange = policySettings.partial()
export type PolicySettingsChange = z.infer<typeof policySettingsChange>

export const consent = z.object({
  purpose: messagePurpose,
  given: z.boolean(),
  /** Where it was given: `form:enquiry`, `api`, `preference-page`, `event:Consent Given`. */
  source: z.string().min(1).max(200),
  wording: z.string().max(1000),
  at: instant,
  expiresAt: instant.nullable(),
})
export type Consent = z.infer<typeof consent>

export const preferences = z.object({
  /** Topics she left. */
  topicsOff: z.array(key).max(50),
  channelsOff: z.array(messageChannel),
  /** She left everything but service. */
  unsubscribedAll: z.boolean(),
  pausedUntil: instant.nullable(),
  /** Her own cap: at most so many messages a week. */
  weeklyLimit: z.int().min(1).max(100).nullable(),
})
export type Preferences = z.infer<typeof preferences>

export const suppression = z.object({
  reason: z.enum(['erased', 'suppressed', 'bounced', 'complained']),
  detail: z.string().max(500),
  at: instant,
})
export type Suppression = z.infer<typeof suppression>

/** GET /v1/people/:id/consent */
export const personPolicy = z.object({
  consents: z.array(consent),
  preferences,
  suppressions: z.array(suppression),
  timeZone: z.string().nullable(),
})
export type PersonPolicy = z.infer<typeof personPolicy>

/** PUT /v1/people/:id/consent: only what is named changes; `suppressed: false` lifts a suppression made by hand. */
export const personPolicyChange = z.object({
  consents: z
    .array(
      z.object({
        purpose: messagePurpose,
        given: z.boolean(),
        source: z.string().min(1).max(200),
        wording: z.string().max(1000).default(''),
        expiresAt: instant.nullable().default(null),
      }),
    )
    .max(20)
    .optional(),
  preferences: preferences.partial().optional(),
  /** Topics she leaves or takes again, after `preferences`: how the others stand is not touched. */
  topics: z.object({ off: z.array(key).max(50).default([]), on: z.array(key).max(50).default([]) }).optional(),
  suppressed: z.boolean().optional(),
})
export type PersonPolicyChange = z.infer<typeof personPolicyChange>

/** POST /v1/permission: may another system contact her? With `handedOver` it reports that it did, which counts in her caps. */
export const permissionRequest = z.object({
  personId: z.uuid(),
  channel: messageChannel,
  topic: key,
  purpose: messagePurpose,
  phase: messagePhase,
  handedOver: z.boolean().default(false),
})
export type PermissionRequest = z.infer<typeof permissionRequest>
export const permissionAnswer = z.object({
  outcome: z.enum(['send', 'hold', 'drop']),
  rule: z.string(),
  reason: messageReason.nullable(),
  until: instant.nullable(),
  sentence: z.string(),
})
export type PermissionAnswer = z.infer<typeof permissionAnswer>
