import { type MessagePurpose, messagePurpose, type PersonPolicy, type PersonPolicyChange } from '@baton/contract'

export type Answer = 'given' | 'withdrawn' | 'notAsked'

export interface ConsentValues {
  readonly answers: Record<MessagePurpose, Answer>
  readonly source: string
  readonly wording: string
  readonly unsubscribedAll: boolean
  readonly topicsOff: string[]
  /** A calendar day, or nothing. */
  readonly pausedUntil: string
  readonly weeklyLimit: number | string
  readonly suppressed: boolean
}

export const answerOf = (allowed: PersonPolicy, purpose: MessagePurpose): Answer => {
  const consent = allowed.consents.find((one) => one.purpose === purpose)
  if (consent === undefined) return 'notAsked'
  return consent.given ? 'given' : 'withdrawn'
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)

export const consentValues = (allowed: PersonPolicy): ConsentValues => ({
  answers: {
    sell: answerOf(allowed, 'sell'),
    inform: answerOf(allowed, 'inform'),
    coach: answerOf(allowed, 'coach'),
    serve: answerOf(allowed, 'serve'),
  },
  source: '',
  wording: '',
  unsubscribedAll: allowed.preferences.unsubscribedAll,
  topicsOff: [...allowed.preferences.topicsOff],
  pausedUntil: allowed.preferences.pausedUntil === null ? '' : dayOf(allowed.preferences.pausedUntil),
  weeklyLimit: allowed.preferences.weeklyLimit ?? '',
  suppressed: allowed.suppressions.some((one) => one.reason === 'suppressed'),
})

export const changedPurposes = (values: ConsentValues, allowed: PersonPolicy): readonly MessagePurpose[] =>
  messagePurpose.options.filter(
    (purpose) => values.answers[purpose] !== 'notAsked' && values.answers[purpose] !== answerOf(allowed, purpose),
  )

const numberOrNone = (typed: number | string): number | null => (typeof typed === 'number' ? typed : null)

const changedPreferences = (
  values: ConsentValues,
  before: ConsentValues,
): NonNullable<PersonPolicyChange['preferences']> => ({
  ...(values.unsubscribedAll === before.unsubscribedAll ? {} : { unsubscribedAll: values.unsubscribedAll }),
  ...(values.pausedUntil === before.pausedUntil
    ? {}
    : { pausedUntil: values.pausedUntil === '' ? null : Date.parse(`${values.pausedUntil}T00:00:00Z`) }),
  ...(numberOrNone(values.weeklyLimit) === numberOrNone(before.weeklyLimit)
    ? {}
    : { weeklyLimit: numberOrNone(values.weeklyLimit) }),
})

const changedTopics = (values: ConsentValues, before: ConsentValues): NonNullable<PersonPolicyChange['topics']> => ({
  off: values.topicsOff.filter((topic) => !before.topicsOff.includes(topic)),
  on: before.topicsOff.filter((topic) => !values.topicsOff.includes(topic)),
})

/**
 * Only what she said anew, against what was read when the form was opened: an answer that stands keeps its own source
 * and time, and what she chose herself meanwhile stays as she chose it. Nothing: `{}`.
 */
export const consentChange = (values: ConsentValues, allowed: PersonPolicy): PersonPolicyChange => {
  const before = consentValues(allowed)
  const preferences = changedPreferences(values, before)
  const topics = changedTopics(values, before)
  const purposes = changedPurposes(values, allowed)
  return {
    ...(purposes.length === 0
      ? {}
      : {
          consents: purposes.map((purpose) => ({
            purpose,
            given: values.answers[purpose] === 'given',
            source: values.source.trim(),
            wording: values.wording.trim(),
            expiresAt: null,
          })),
        }),
    ...(Object.keys(preferences).length === 0 ? {} : { preferences }),
    ...(topics.off.length + topics.on.length === 0 ? {} : { topics }),
    ...(values.suppressed === before.suppressed ? {} : { suppressed: values.suppressed }),
  }
}
