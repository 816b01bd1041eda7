import { type MessagePurpose, messagePurpose } from '@baton/contract'
import type { JsonValue } from '../collect/index.ts'
import type { Instant, SubjectId } from '../kernel/index.ts'
import type { PersonEvent } from '../people/index.ts'
import type { ConsentRow, IssueRow } from './person-policy-store.ts'

/** What an event says about what may be sent to the one who did it. */
export type Statement =
  | { readonly kind: 'consent'; readonly row: ConsentRow }
  | { readonly kind: 'left'; readonly subjectId: SubjectId; readonly topic: string | null; readonly at: Instant }
  | {
      readonly kind: 'suppressed'
      readonly subjectId: SubjectId
      /** `suppressed`: what she said could not be taken in. */
      readonly reason: 'bounced' | 'complained' | 'suppressed'
      readonly address: string | null
      readonly detail: string
      readonly at: Instant
    }
  | { readonly kind: 'issue'; readonly row: IssueRow }

const marketing: readonly MessagePurpose[] = ['sell', 'inform', 'coach']

/**
 * Events that state something for policy:
 * - `Consent Given`, `Consent Withdrawn` { purposes?, wording?, source?, expires_at? } (no purposes: all but service)
 * - an identify with the trait `marketing_consent` true or false
 * - `Unsubscribed` { topic? }, `Email Bounced` { email?, bounce_type? }, `Email Marked as Spam` of other tools (names by
 *   Segment's e-mail spec, https://segment.com/docs/connections/spec/email/); soft bounces say nothing
 * - `Complaint Opened`, `Complaint Resolved` { complaint_id? }
 */
export const statementsOf = (event: PersonEvent): readonly Statement[] => {
  const { name, subjectId, properties, occurredAt: at } = event
  if (event.type === 'identify') {
    const given = properties.marketing_consent
    return typeof given === 'boolean' ? consents(event, given, 'trait:marketing_consent') : []
  }
  if (event.type !== 'track') return []
  switch (name) {
    case 'Consent Given':
      return consents(event, true, text(properties.source) ?? `event:${name}`)
    case 'Consent Withdrawn':
      return consents(event, false, text(properties.source) ?? `event:${name}`)
    case 'Unsubscribed':
      // Our own come back by the log; they were acted on before they were told.
      return isOurs(event) ? [] : [{ kind: 'left', subjectId, topic: text(properties.topic), at }]
    case 'Email Bounced':
      if (isOurs(event) || properties.bounce_type === 'soft') return []
      return [
        {
          kind: 'suppressed',
          subjectId,
          reason: 'bounced',
          address: text(properties.email),
          detail: text(properties.detail) ?? '',
          at,
        },
      ]
    case 'Email Marked as Spam':
      return isOurs(event)
        ? []
        : [{ kind: 'suppressed', subjectId, reason: 'complained', address: null, detail: '', at }]
    case 'Complaint Opened':
      return [
        { kind: 'issue', row: { subjectId, issue: issueOf(properties.complaint_id), openedAt: at, closedAt: null } },
      ]
    case 'Complaint Resolved':
      return [
        { kind: 'issue', row: { subjectId, issue: issueOf(properties.complaint_id), openedAt: null, closedAt: at } },
      ]
    default:
      return []
  }
}

const isOurs = (event: PersonEvent): boolean => event.messageId.startsWith('baton-message:')

const consents = (event: PersonEvent, given: boolean, source: string): readonly Statement[] => {
  const named = event.properties.purposes
  const wanted = Array.isArray(named)
    ? named
    : event.properties.purpose === undefined
      ? marketing
      : [event.properties.purpose]
  const expires = event.properties.expires_at
  const expiresAt = typeof expires === 'string' ? Date.parse(expires) : Number.NaN
  return wanted.flatMap((one) => {
    const purpose = messagePurpose.safeParse(one)
    if (!purpose.success) return []
    return [
      {
        kind: 'consent' as const,
        row: {
          subjectId: event.subjectId,
          statement: event.messageId,
          purpose: purpose.data,
          given,
          source: source.slice(0, 200),
          wording: (text(event.properties.wording) ?? text(event.properties.marketing_consent_wording) ?? '').slice(
            0,
            1000,
          ),
          at: event.occurredAt,
          expiresAt: Number.isFinite(expiresAt) ? expiresAt : null,
        },
      },
    ]
  })
}

const text = (value: JsonValue | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null)
/** One issue a complaint id; complaints without one are one and the same issue. */
const issueOf = (value: JsonValue | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : ''
