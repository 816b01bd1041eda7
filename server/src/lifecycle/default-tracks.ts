import { type LifeCycleDefinition, leastOfNeeded, type TrackDefinition } from '@baton/contract'
import { dayMs } from '../kernel/index.ts'
import { keptPurchases } from './kept-purchases.ts'
import { all, any, atLeast, did, knows, lastSaid, not, ruleOf, since, trait } from './rule-phrases.ts'
import { stateRuleKey } from './state-rules.ts'

/**
 * The three tracks and five phases as every workspace begins with them; data, edited and versioned per workspace.
 * Event names: `docs/guides/events.md`. Where the definition left room:
 * - *verified reachable address*: a mail was delivered, opened or clicked, or she verified it, and none bounced since.
 * - *considered acts* are counted together: two kinds once, or one kind twice.
 * - *kept purchase*: more orders than cancellations, or none after the newest order, and not of a guest; a refund is no
 *   cancellation, for a rule can't tell whether it is of everything.
 * - *delivered and activated*: by its event, or, where the shop sends none, 30 days after the order.
 */
const deliveryDays = 30
const week = 7 * dayMs

export const defaultNeededTraits = ['email', 'firstName', 'lastName', 'locale', 'timezone']
export const defaultLostAfterDays = 180

const reachableEvents = ['Email Delivered', 'Email Opened', 'Email Link Clicked', 'Email Verified']
const consideredActs = ['Product Viewed', 'Product Added', 'Checkout Started', 'Form Submitted', 'Email Link Clicked']
const responses = ['Form Submitted', 'Replied', 'Subscribed', 'RSVP Given', 'Inquiry Sent']
const buyingSignals = [
  'Product Added',
  'Checkout Started',
  'Quote Requested',
  'Trial Started',
  'Round Table Joined',
  'Question Asked',
]

export const identity = (neededTraits: readonly string[]): TrackDefinition => ({
  track: 'identity',
  title: 'Database record',
  states: [
    {
      state: 'anonymous',
      title: 'Anonymous',
      phase: 'contact',
      meaning: 'Seen, but not yet known well enough to be written to.',
      rule: null,
      graceMs: 0,
    },
    {
      state: 'known',
      title: 'Known',
      phase: 'consideration',
      meaning: 'Four fifths of the needed fields are there, and her address is verified and has not bounced since.',
      rule: all(
        atLeast(leastOfNeeded(neededTraits.length), ...neededTraits.map(knows)),
        any(
          ...reachableEvents.map((event) => since(event, 'Email Bounced')),
          all(trait('emailVerified', true), not(did('Email Bounced'))),
        ),
      ),
      graceMs: 0,
    },
    {
      state: 'profiled',
      title: 'Profiled',
      phase: 'purchase',
      meaning: 'Known, and tied to a household or organisation with three enriched attributes.',
      rule: null,
      missing: 'Households, organisations and enriched attributes are not collected yet.',
      graceMs: 0,
    },
    {
      state: 'customerized',
      title: 'Customerized',
      phase: 'post-purchase',
      meaning: 'Profiled, with household transactions, given preferences, product fit and content made for her.',
      rule: null,
      missing: 'Holdings, given preferences and product fit are not collected yet.',
      graceMs: 0,
    },
    {
      state: 'certified',
      title: 'Certified',
      phase: 'loyalty',
      meaning: 'Known, registered herself in an advocacy or pilot programme, and answered its questionnaire.',
      rule: all(ruleOf(stateRuleKey('identity', 'known')), did('Programme Joined'), did('Questionnaire Answered')),
      graceMs: 0,
    },
  ],
})

const brand: TrackDefinition = {
  track: 'brand',
  title: 'Brand status',
  states: [
    {
      state: 'aware',
      title: 'Aware',
      phase: 'contact',
      meaning: 'Has met the brand.',
      rule: null,
      graceMs: 0,
    },
    {
      state: 'considering',
      title: 'Considering',
      phase: 'consideration',
      meaning: 'Two or more considered acts in 30 days.',
      rule: any(
        atLeast(2, ...consideredActs.map((event) => did(event, 1, 30))),
        ...consideredActs.map((event) => did(event, 2, 30)),
      ),
      graceMs: week,
    },
    {
      state: 'buyer',
      title: 'Buyer',
      phase: 'purchase',
      meaning: 'One or more kept purchases; orders that were cancelled, and those of guests, are none.',
      rule: keptPurchases(1),
      graceMs: 0,
    },
    {
      state: 'loyal',
      title: 'Loyal',
      phase: 'post-purchase',
      meaning: 'Three or more kept purchases, or a renewal in time; her last answer was not negative.',
      rule: all(
        any(keptPurchases(3), did('Subscription Renewed')),
        not(lastSaid('Score Given', { path: 'score', is: 'at-most', value: 6 })),
      ),
      graceMs: 0,
    },
    {
      state: 'advocate',
      title: 'Advocate',
      phase: 'loyalty',
      meaning: 'Recommends: a score of 9 or 10, a review, an answer or a referral in the last 365 days.',
      rule: any(
        lastSaid('Score Given', { path: 'score', is: 'at-least', value: 9 }, 365),
        did('Review Submitted', 1, 365),
        did('Answer Given', 1, 365),
        did('Referral Made', 1, 365),
      ),
      graceMs: 4 * week,
    },
    {
      state: 'estranged',
      title: 'Estranged',
      phase: null,
      meaning: 'An open complaint, a score of 6 or less, or she left all; until healed.',
      rule: any(
        since('Complaint Opened', 'Complaint Resolved'),
        all(
          lastSaid('Score Given', { path: 'score', is: 'at-most', value: 6 }),
          since('Score Given', 'Complaint Resolved'),
        ),
        since('Left', 'Order Completed'),
      ),
      graceMs: 0,
    },
  ],
}

export const conversion = (lostAfterDays: number): TrackDefinition => ({
  track: 'conversion',
  title: 'Engagement and revenue',
  states: [
    {
      state: 'reached',
      title: 'Reached',
      phase: 'contact',
      meaning: 'A medium or channel has brought her.',
      rule: null,
      graceMs: 0,
    },
    {
      state: 'responded',
      title: 'Responded',
      phase: 'consideration',
      meaning: 'An inquiry, form, reply, subscription or RSVP in the last 90 days.',
      rule: any(...responses.map((event) => did(event, 1, 90))),
      graceMs: 2 * week,
    },
    {
      state: 'facilitated-buying',
      title: 'Facilitated buying',
      phase: 'purchase',
      meaning:
        'A buying signal in the last 30 days without an order since, or an order not yet delivered and activated.',
      rule: any(
        ...buyingSignals.map((event) => since(event, 'Order Completed', 30)),
        all(
          since('Order Completed', 'Order Delivered', deliveryDays),
          since('Order Completed', 'Order Activated', deliveryDays),
          since('Order Completed', 'Order Cancelled', deliveryDays),
          not(trait('guest', true)),
        ),
      ),
      graceMs: 0,
    },
    {
      state: 'bought',
      title: 'Bought',
      phase: 'post-purchase',
      meaning: `A kept purchase in the last ${lostAfterDays} days, delivered and activated (or ${deliveryDays} days have passed).`,
      rule: all(
        keptPurchases(1, lostAfterDays),
        any(
          did('Order Delivered'),
          did('Order Activated'),
          did('Order Completed', 2),
          not(did('Order Completed', 1, deliveryDays)),
        ),
      ),
      graceMs: 0,
    },
    {
      state: 'wom-agent',
      title: 'WOM agent',
      phase: 'loyalty',
      meaning: 'Deputised, and active in the last 180 days.',
      rule: all(did('Agent Deputised'), any(did('Referral Made', 1, 180), did('Content Shared', 1, 180))),
      graceMs: 4 * week,
    },
    {
      state: 'lost',
      title: 'Lost',
      phase: null,
      meaning: `Kept a purchase once, and none of the last ${lostAfterDays} days; guests are never lost.`,
      rule: all(keptPurchases(1), not(keptPurchases(1, lostAfterDays))),
      graceMs: 0,
    },
    {
      state: 'won-back',
      title: 'Won back',
      phase: null,
      meaning: `Was lost and bought again in the last ${lostAfterDays} days.`,
      rule: null,
      comesAfter: { state: 'lost', forMs: lostAfterDays * dayMs },
      graceMs: 0,
    },
  ],
})

export const defaultLifeCycle = (
  neededTraits: readonly string[] = defaultNeededTraits,
  lostAfterDays = defaultLostAfterDays,
): LifeCycleDefinition => ({
  neededTraits: [...neededTraits],
  lostAfterDays,
  tracks: [identity(neededTraits), brand, conversion(lostAfterDays)],
})
