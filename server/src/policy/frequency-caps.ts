import type { FrequencyCap } from '@baton/contract'
import type { Instant, Milliseconds } from '../kernel/index.ts'
import type { Contact, MessageFacts } from './policy-input.ts'

export const capCovers = (
  cap: FrequencyCap,
  about: Pick<MessageFacts, 'channel' | 'topic' | 'phase' | 'purpose'>,
): boolean =>
  cap.purposes.includes(about.purpose) &&
  (cap.channel === undefined || cap.channel === about.channel) &&
  (cap.topic === undefined || cap.topic === about.topic) &&
  (cap.phase === undefined || cap.phase === about.phase)

/** When one more contact fits: null is now. The window is half open: a contact exactly `windowMs` ago no longer counts. */
export const capFreeAt = (
  contacts: readonly Pick<Contact, 'at'>[],
  limit: number,
  windowMs: Milliseconds,
  now: Instant,
): { readonly freeAt: Instant | null; readonly count: number } => {
  const counted = contacts
    .map(({ at }) => at)
    .filter((at) => at > now - windowMs)
    .sort((a, b) => a - b)
  const leaver = counted.at(-limit)
  return { freeAt: leaver === undefined ? null : leaver + windowMs, count: counted.length }
}
