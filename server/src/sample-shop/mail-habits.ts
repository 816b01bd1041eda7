import { hourMs, type Instant, minuteMs } from '../kernel/index.ts'
import type { Customer } from './customers.ts'
import type { Random } from './random.ts'

/** What a customer does with one mail, and when. */
export interface MailAct {
  readonly kind: 'open' | 'click' | 'reply' | 'unsubscribe'
  readonly at: Instant
  readonly text?: string
}

const answers = [
  'Hello, is it also good for a four-year-old?',
  'Thank you, I will think about it until the weekend.',
  'Could you tell me whether the parts are made of beech?',
  'We love it. My sister will order one, too.',
]

/** Opens, clicks, replies and leavings of one mail, by the habits of who got it. */
export const mailActs = (random: Random, customer: Customer, receivedAt: Instant): readonly MailAct[] => {
  if (!random.chance(customer.opensMail)) return []
  const openedAt = receivedAt + Math.round(random.exponential(1 / (5 * hourMs)))
  const acts: MailAct[] = [{ kind: 'open', at: openedAt }]
  if (random.chance(customer.clicksMail)) acts.push({ kind: 'click', at: openedAt + random.whole(1, 4) * minuteMs })
  if (random.chance(0.02))
    acts.push({ kind: 'reply', at: openedAt + random.whole(5, 90) * minuteMs, text: random.pick(answers) })
  else if (random.chance(0.008)) acts.push({ kind: 'unsubscribe', at: openedAt + minuteMs })
  return acts
}
