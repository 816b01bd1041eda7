import type { FrequencyCap } from '@baton/contract'
import { capCovers, capFreeAt } from '../frequency-caps.ts'
import { weekMs } from '../policy-input.ts'
import type { PolicyRule } from '../policy-rule.ts'

/** The workspace's caps and her own weekly limit, over rolling windows, counted over all her subjects. The one that frees last decides. */
export const frequencyCap: PolicyRule = {
  name: 'frequency-cap',
  title: 'Frequency caps',
  object: ({ settings, message, person, now }) => {
    const own = person.preferences.weeklyLimit
    const caps: readonly FrequencyCap[] = own === null ? settings.caps : [...settings.caps, ownCap(own)]
    const full = caps
      .filter((cap) => capCovers(cap, message))
      .flatMap((cap) => {
        const contacts = person.contacts.filter((contact) => capCovers(cap, contact))
        const { freeAt, count } = capFreeAt(contacts, cap.limit, cap.windowMs, now)
        return freeAt === null ? [] : [{ cap, freeAt, count }]
      })
      .sort((a, b) => b.freeAt - a.freeAt)
    const last = full[0]
    if (!last) return null
    const { cap, freeAt, count } = last
    return {
      kind: 'hold',
      until: freeAt,
      reason: 'frequency-cap',
      inputs: { cap: cap.cap, limit: cap.limit, windowMs: cap.windowMs, count },
      sentence: `“${cap.title}” is reached: ${count} of ${cap.limit}.`,
      customerSentence: 'You have heard from us often enough lately.',
    }
  },
}

const ownCap = (limit: number): FrequencyCap => ({
  cap: 'her-own',
  title: 'Her own weekly limit',
  limit,
  windowMs: weekMs,
  purposes: ['sell', 'inform', 'coach'],
})
