import type { PolicySettings, Preferences } from '@baton/contract'

/** What a careful practitioner starts with: consent for everything but service, quiet nights, no more than three a week. */
export const defaultPolicySettings: PolicySettings = {
  quietHours: { from: '21:00', to: '08:00', purposes: ['sell', 'inform', 'coach'] },
  caps: [
    {
      cap: 'three-a-week',
      title: 'Three messages a week',
      limit: 3,
      windowMs: 7 * 24 * 3600_000,
      purposes: ['sell', 'inform', 'coach'],
    },
    { cap: 'one-offer-a-week', title: 'One offer a week', limit: 1, windowMs: 7 * 24 * 3600_000, purposes: ['sell'] },
  ],
  topics: [
    { topic: 'orders', title: 'Your orders and carts', description: 'What you ordered, returned or left in the cart.' },
    { topic: 'advice', title: 'Advice and news', description: 'How to get more out of what you have.' },
    { topic: 'offers', title: 'Offers', description: 'Things we think you might want.' },
    { topic: 'service', title: 'Service', description: 'Answers to your questions and complaints.' },
  ],
  consentNeeded: ['sell', 'inform', 'coach'],
  noPushStates: ['conversion:facilitated-buying'],
  killSwitch: false,
  consentWording: 'Yes, you may write to me by e-mail. I can change my mind at any time.',
}

export const noPreferences: Preferences = {
  topicsOff: [],
  channelsOff: [],
  unsubscribedAll: false,
  pausedUntil: null,
  weeklyLimit: null,
}
